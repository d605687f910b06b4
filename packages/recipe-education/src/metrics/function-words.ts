/** English words that carry grammar rather than content. Words that negate or quantify are content: "not", "no", "all". */
export const functionWords: ReadonlySet<string> = new Set(
  [
    'a an the this that these those there here',
    'i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself',
    'we us our ours ourselves they them their theirs themselves who whom whose which what',
    'am is are was were be been being do does did doing done have has had having',
    'will would shall should can could may might must',
    'and or but if then so because as while when where how why than though although',
    'of at by for with about into through to from in out on off up down over under again',
    "i'm you're he's she's it's we're they're i've you've we've they've i'll you'll he'll she'll it'll we'll they'll",
    "i'd you'd he'd she'd we'd they'd that's there's here's let's who's what's",
    'very just also too',
  ]
    .join(' ')
    .split(' '),
);
