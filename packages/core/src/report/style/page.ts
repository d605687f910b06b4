/** The page and its text. */
export const pageStyle = `
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0 auto;max-width:64rem;padding:2.5rem 1.5rem 5rem;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
p,dl,dd,figure,h1,h2,h3,h4,pre{margin:0}
.brand{display:flex;align-items:center;gap:.5rem;color:var(--quiet);font-size:.85rem;letter-spacing:.02em}
.brand svg{overflow:visible}
.beam{fill:none;stroke:var(--quiet);stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
h1{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;margin:.6rem 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;font-weight:650;letter-spacing:-.01em;margin-bottom:.25rem}
h3{font-size:.95rem;font-weight:650;margin-top:1.8rem}
h3 small,h4 small{font-weight:400}
h4{font-size:.85rem;font-weight:600;color:var(--quiet)}
.lead,.note,dt,figcaption,small,caption,.label,.nothing{color:var(--quiet)}
small{font-size:.8rem}
.note{max-width:44rem;font-size:.9rem}
.note.warning,.status{color:var(--alarm)}
.status{margin-top:.8rem;padding:.6rem .9rem;border:1px solid currentColor;border-radius:.5rem;max-width:44rem}
.verdict{font-size:1.2rem;line-height:1.45;max-width:40rem;margin-top:1.1rem;text-wrap:pretty}
.verdict b{font-weight:650}
.verdict span{color:var(--quiet)}
b.better,.change.better,td.better small:last-child{color:var(--better)}
b.worse,.change.worse,td.worse small:last-child{color:var(--worse)}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin-top:1.4rem;font-size:.9rem}
a{color:var(--ink);text-decoration-color:var(--track);text-underline-offset:.25em;padding:.25rem 0}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--prompt);outline-offset:3px;border-radius:2px}
section{border-top:1px solid var(--line);margin-top:2.2rem;padding-top:1.6rem}
section:target{scroll-margin-top:1rem}
code{font:.86em ui-monospace,'SF Mono',Menlo,Consolas,monospace}
pre{overflow:auto;margin-top:1rem;padding:.8rem 1rem;background:var(--raised);border:1px solid var(--line);border-radius:.5rem;font-size:.9rem;white-space:pre-wrap;overflow-wrap:anywhere}
.command span{display:inline-block;max-width:100%}
.said{white-space:pre-wrap;overflow-wrap:anywhere}
.nothing{font-style:italic}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details{margin-top:1.2rem}
summary{cursor:pointer;color:var(--quiet);font-size:.9rem;width:fit-content;padding:.2rem .3rem;margin-left:-.3rem}
summary:hover{color:var(--ink)}
summary h3{display:inline;margin:0;color:var(--ink)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin-top:1.1rem;font-size:.85rem}
th{font-weight:400;text-align:left;color:var(--quiet)}
tbody th{color:var(--ink)}
th,td{padding:.45rem 1.2rem .45rem 0;border-top:1px solid var(--line);vertical-align:top}
thead th,thead td{border-top:0}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right}
td small,tbody th small{display:block;line-height:1.35}
@media(max-width:44rem){body{padding:1.5rem 1.1rem 3rem}h1{font-size:1.6rem}.verdict{font-size:1.08rem}th,td{padding-right:.7rem}}
@media print{body{font-size:10pt;max-width:none;padding:0}nav,.figures,.usual{display:none}section,.headline,.sample,figure,tr{break-inside:avoid}section{break-inside:auto}h2,h3,h4{break-after:avoid}details::details-content{content-visibility:visible;block-size:auto}summary{list-style:none}}
`;
