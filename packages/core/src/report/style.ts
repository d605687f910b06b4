/** The report's looks: the reader's light or dark, one column on a phone, ink on paper when printed. */
export const reportStyle = `
:root{color-scheme:light dark;--page:#fbfaf7;--ink:#1d1f22;--quiet:#6b6f76;--line:#e3e0d8;--prompt:#1878a8;--completion:#1f8a4c;--other:#6a6472}
@media(prefers-color-scheme:dark){:root{--page:#16181b;--ink:#e7e5df;--quiet:#9a9da3;--line:#303338;--prompt:#63b7e6;--completion:#5fcf8d;--other:#b3abbd}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:64rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
p,dl,dd,figure,h1,h2,h3{margin:0}
.brand{display:flex;align-items:center;gap:.5rem;color:var(--quiet);font-size:.85rem;letter-spacing:.02em}
.brand svg{overflow:visible}
.beam{fill:none;stroke:var(--quiet);stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
h1{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;margin:.6rem 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;font-weight:650;margin-bottom:.2rem}
h3{font-size:.95rem;font-weight:650;margin-top:1.5rem}
.lead,.note,dt,figcaption,th,small{color:var(--quiet)}
.note{max-width:44rem;font-size:.9rem}
section{border-top:1px solid var(--line);margin-top:2.2rem;padding-top:1.4rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.2rem,1fr));gap:1.2rem 1.6rem;margin-top:1.1rem}
.tiles dt{font-size:.9rem}
.tiles dd{font-size:2rem;line-height:1.2;font-weight:600;letter-spacing:-.02em}
.tiles small{display:block;font-size:.85rem;font-weight:400;letter-spacing:0;line-height:1.5}
.charts{display:grid;grid-template-columns:repeat(6,1fr);gap:2rem 1.5rem;align-items:end;margin-top:1.2rem}
.chart{grid-column:span 3;min-width:0;color:var(--other)}
.chart.small{grid-column:span 2}
.chart figcaption{font-size:.85rem;margin-bottom:.8rem}
.chart figcaption b{color:var(--ink);font-weight:600}
.chart>svg{display:block;overflow:visible;height:13rem;width:calc(100% - 3.8rem);margin:0 .8rem 1.8rem 3rem}
.chart.small>svg{height:8rem}
.chart svg svg{overflow:visible}
.chart line{stroke:var(--line);shape-rendering:crispEdges}
.chart text{font-size:12px;fill:var(--quiet);text-anchor:end}
.chart text.step{text-anchor:middle}
.chart path{fill:none;stroke:currentColor;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.chart .raw{stroke-width:1;opacity:.4}
.chart .smooth{stroke-width:2.2}
.chart .band{fill:var(--quiet);opacity:.12}
.chart .level{stroke:var(--quiet);stroke-width:1;stroke-dasharray:2 4}
.chart .dot{stroke:var(--ink);stroke-width:8}
.chart.completion,span.completion{color:var(--completion)}
.chart.prompt,span.prompt{color:var(--prompt)}
rect.completion{fill:var(--completion)}
.brand .prompt,rect.prompt{fill:var(--prompt)}
.balances{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1rem 2rem;margin:.6rem 0 1.4rem}
.balance{font-size:.85rem}
.balance svg{display:block;width:100%;height:.8rem;border-radius:.4rem;margin:.35rem 0 .25rem}
.balance p{display:flex;justify-content:space-between}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:0 2rem;margin-top:.6rem}
.facts>div{border-top:1px solid var(--line);padding:.5rem 0 .6rem}
.facts dt{font-size:.85rem}
.facts sub{line-height:0;font-size:.75em}
.facts dd{overflow-wrap:anywhere}
.facts small{display:block;font-size:.8rem;line-height:1.35}
table{border-collapse:collapse;width:100%;margin-top:1.2rem;font-size:.85rem}
th{font-weight:400;text-align:left}
th,td{padding:.4rem 1.2rem .4rem 0;border-top:1px solid var(--line);vertical-align:top}
.number{text-align:right}
.hash{font:.75rem/1.7 ui-monospace,Menlo,Consolas,monospace;color:var(--quiet);overflow-wrap:anywhere;padding-right:0}
@media(max-width:44rem){main{padding:1.5rem 1.1rem 3rem}h1{font-size:1.6rem}.chart,.chart.small{grid-column:1/-1}.tiles,.facts{grid-template-columns:1fr 1fr;column-gap:1.2rem}.tiles dd{font-size:1.6rem}}
@media print{:root{--page:#fff}body{font-size:10pt}main{max-width:none;padding:0}.tiles>div,figure,tr,.facts>div{break-inside:avoid}h2,h3{break-after:avoid}}
`;
