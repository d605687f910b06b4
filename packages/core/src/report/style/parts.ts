/** Parts of a report: headlines, tiles, facts, samples, options, hashes, matrices. */
export const partStyle = `
.headlines{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1rem;margin-top:1.1rem}
.headline{background:var(--raised);border:1px solid var(--line);border-radius:.7rem;padding:1rem 1.2rem 1.1rem}
.headline h3{margin:0}
.large{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .8rem;font-size:2.6rem;line-height:1.25;font-weight:600;letter-spacing:-.03em}
.change{font-size:1.05rem;font-weight:600;letter-spacing:0}
.change small{color:inherit;font-weight:400}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.2rem,1fr));gap:1.2rem 1.6rem;margin-top:1.6rem}
.tiles dt{font-size:.9rem}
.tiles dd{font-size:1.5rem;line-height:1.25;font-weight:600;letter-spacing:-.02em}
.tiles small{display:block;font-weight:400;letter-spacing:0;line-height:1.45}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:0 2rem;margin-top:1rem}
.facts>div{border-top:1px solid var(--line);padding:.5rem 0 .6rem}
.facts dt{font-size:.85rem}
.facts sub{line-height:0;font-size:.75em}
.facts dd{overflow-wrap:anywhere}
.facts small{display:block;line-height:1.35}
.receipt{grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr))}
.alarming dd,.alarming small{color:var(--alarm)}
.definitions{max-width:46rem;font-size:.88rem}
.definitions dt{color:var(--ink);font-weight:600;margin-top:.8rem}
.definitions dt code{font-weight:400;color:var(--quiet);margin-left:.4rem}
.samples summary h3 small{margin-left:.3rem}
.sample{border:1px solid var(--line);border-radius:.7rem;background:var(--raised);padding:.9rem 1.1rem 1rem;margin-top:.9rem}
.label{font-size:.8rem}
.label small{margin-left:.4rem}
.prompt-text{margin-top:.3rem;max-height:14rem;overflow:auto}
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(14rem,100%),1fr));gap:.8rem 1.6rem;margin-top:.8rem;padding-top:.7rem;border-top:1px solid var(--line)}
.answers>.right .label small:last-child{color:var(--better)}
.balances{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));gap:1rem 2rem;margin:1rem 0 1.4rem}
.balance{font-size:.85rem}
.balance svg{display:block;width:100%;height:.8rem;border-radius:.4rem;margin:.35rem 0 .25rem}
.balance p{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap}
rect.completion{fill:var(--completion)}
.brand .prompt,rect.prompt{fill:var(--prompt)}
rect.template{fill:var(--track)}
span.completion{color:var(--completion)}
span.prompt{color:var(--prompt)}
.options td,.options th{overflow-wrap:anywhere}
.options td:nth-child(2){font-weight:600}
.options details td{font-weight:400}
.options .wide{color:var(--quiet);width:50%}
.hash{font:.8rem/1.7 ui-monospace,Menlo,Consolas,monospace;color:var(--quiet);white-space:nowrap}
.file,.places{overflow-wrap:anywhere}
.mistakes,.same{max-width:46rem}
.mistakes td small{display:inline}
.matrix{width:auto;font-size:.8rem}
.matrix th,.matrix td{border:0;padding:.3rem .45rem;vertical-align:bottom}
.matrix td{text-align:center;border-radius:.25rem;min-width:2.1rem}
.matrix thead span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:11rem;display:inline-block;white-space:nowrap}
.matrix tbody th{white-space:nowrap;text-align:right;vertical-align:middle}
.matrix .right{background:color-mix(in oklab,var(--completion) calc(var(--share)*.42),transparent)}
.matrix .wrong{background:color-mix(in oklab,var(--worse) calc(var(--share)*.42),transparent)}
.matrix .none{color:var(--quiet)}
@media(max-width:44rem){.tiles,.facts{grid-template-columns:1fr 1fr;column-gap:1.2rem}.options .wide{display:none}.metrics{font-size:.8rem}.metrics small{font-size:.72rem}.large{font-size:2.2rem}}
`;
