/** Plots, and tables with plots in them. */
export const plotStyle = `
.charts{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:2.2rem 1.5rem;align-items:start;margin-top:1.4rem}
.chart{grid-column:span 3;min-width:0;color:var(--other)}
.chart.small{grid-column:span 2}
.chart figcaption{font-size:.85rem;margin-bottom:.8rem;min-height:1.3em}
.chart figcaption b{color:var(--ink);font-weight:600}
.chart>svg{display:block;overflow:visible;height:13rem;width:calc(100% - 4.2rem);margin:0 .8rem 1.8rem 3.4rem}
.chart.small>svg{height:8.5rem}
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
.chart .s0 .dot,.chart .s1 .dot,.chart .s2 .dot,.chart .s3 .dot,.chart .s4 .dot,.chart .s5 .dot,.chart .s6 .dot,.chart .s7 .dot{stroke:currentColor}
.chart.completion{color:var(--completion)}
.chart.prompt{color:var(--prompt)}
.chart .figures{margin-top:-.9rem}
.figures summary{font-size:.8rem}
.figures table{margin-top:.4rem;font-size:.78rem}
.figures th,.figures td{padding-top:.2rem;padding-bottom:.2rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.8rem;margin-bottom:.6rem}
.key{display:inline-flex;align-items:center;gap:.4rem;color:inherit}
.key bdi{color:var(--ink);overflow-wrap:anywhere}
.scroll .key{white-space:nowrap}
.scroll .key bdi{overflow-wrap:normal}
.key i{flex:none;width:1.1rem;border-top:2.5px solid currentColor}
.s0,.role-user{color:var(--s0)}.s1,.role-tool{color:var(--s1)}.s2,.role-assistant{color:var(--s2)}.s3,.role-system{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}
.intervals,.bars{margin-top:.7rem}
.intervals th,.intervals td,.bars th,.bars td{padding-top:.25rem;padding-bottom:.25rem;border:0;vertical-align:middle}
.intervals th{width:32%}
.intervals .number{width:28%;white-space:nowrap}
.intervals .number small{display:block}
.intervals .track{padding-left:.4rem}
.intervals svg{display:block;overflow:visible}
.intervals line.base{stroke:var(--line)}
.intervals line.zero{stroke:var(--quiet);stroke-dasharray:2 3}
.intervals .whisker{stroke:currentColor;stroke-width:3;stroke-linecap:round;opacity:.45}
.intervals circle{fill:currentColor}
.intervals tr{color:inherit}
.intervals .track{color:var(--other)}
.intervals .before .track{color:var(--before)}
.intervals .after .track{color:var(--completion)}
.intervals .baseline .track{color:var(--baseline)}
.intervals .s0 .track{color:var(--s0)}.intervals .s1 .track{color:var(--s1)}.intervals .s2 .track{color:var(--s2)}.intervals .s3 .track{color:var(--s3)}.intervals .s4 .track{color:var(--s4)}.intervals .s5 .track{color:var(--s5)}.intervals .s6 .track{color:var(--s6)}.intervals .s7 .track{color:var(--s7)}
.bars{max-width:44rem}
.bars th{width:13rem}
.bars .number{width:6rem}
.bars .track{color:var(--prompt)}
.bars .limit .track{color:var(--track)}
.bars rect{fill:currentColor;opacity:.75}
.bars svg{display:block}
@media(max-width:44rem){.chart,.chart.small{grid-column:1/-1}.bars th{width:45%}.bars .number{width:5rem}}
`;
