/** What the studio has beside a report: a menu, forms, buttons, lists of runs. */
export const studioStyle = `
.bar{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.4rem 1.5rem}
.bar nav{margin:0}
.bar .brand{text-decoration:none}
.bar [aria-current]{font-weight:650;text-decoration-color:currentColor}
.skip:focus{position:static;width:auto;height:auto;clip-path:none}
button,.button{font:inherit;font-size:.9rem;line-height:1.2;min-height:2.4rem;padding:.45rem .95rem;border:1px solid var(--edge);border-radius:.5rem;background:var(--raised);color:var(--ink);cursor:pointer;text-decoration:none;display:inline-flex;align-items:center}
button:hover,.button:hover{border-color:var(--ink)}
button.main,.button.main{background:var(--ink);color:var(--page);border-color:var(--ink);font-weight:600}
button:disabled{opacity:.55;cursor:default}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:1.1rem;align-items:center}
:root{--edge:#8a857a}
@media(prefers-color-scheme:dark){:root{--edge:#6d727a}}
.studio form section:first-child,.studio main>section:first-child{border-top:0;margin-top:.6rem;padding-top:.6rem}
.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));gap:1.1rem 1.6rem;margin-top:1.1rem;align-items:start}
.field label,.field .of{display:block;font-size:.85rem;font-weight:600}
.field>small{display:block;line-height:1.35;margin-top:.25rem}
.field label small{font-weight:400}
.field.wide{grid-column:1/-1}
input,select,textarea{font:inherit;font-size:.95rem;color:var(--ink);background:var(--raised);border:1px solid var(--edge);border-radius:.45rem;padding:.42rem .6rem;width:100%;min-height:2.4rem;margin-top:.3rem}
textarea{min-height:6rem;resize:vertical}
input[type=checkbox],input[type=radio]{width:1.15rem;min-height:1.15rem;height:1.15rem;margin:0 .5rem 0 0;vertical-align:-.2rem;accent-color:var(--ink)}
input[type=range]{padding:0;border:0;background:none;accent-color:var(--prompt);min-height:2.4rem}
input:user-invalid,.wrong input,.wrong select{border-color:var(--worse)}
.drop{border:1.5px dashed var(--edge);border-radius:.7rem;padding:1.4rem 1.2rem;margin-top:1rem;text-align:center;background:var(--raised)}
.drop.over{border-color:var(--prompt);border-style:solid}
.drop input{max-width:22rem;margin-inline:auto}
.weight{display:grid;grid-template-columns:1fr 9rem;gap:.4rem 1.2rem;align-items:end;max-width:40rem;margin-top:1rem}
.weight output{font-size:1.6rem;font-weight:600}
.problem{color:var(--worse);white-space:pre-wrap;overflow-wrap:anywhere}
.problems{margin:.8rem 0 0;padding-left:1.2rem;color:var(--alarm);font-size:.9rem}
.problems li{overflow-wrap:anywhere}
.rows-shown td{max-width:22rem;overflow-wrap:anywhere;white-space:pre-wrap}
.runs{list-style:none;margin:1.2rem 0 0;padding:0;display:grid;gap:.8rem}
.run-card{border:1px solid var(--line);border-radius:.7rem;background:var(--raised);padding:.9rem 1.1rem}
.run-card h2,.run-card h3{margin:0;font-size:1rem;overflow-wrap:anywhere}
.run-card .row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.3rem 1.2rem;align-items:baseline}
.run-card p{font-size:.9rem;color:var(--quiet);overflow-wrap:anywhere}
.run-card label{font-size:.85rem;color:var(--quiet)}
.state{font-size:.85rem;font-weight:600;white-space:nowrap}
.state.running,.state.done{color:var(--better)}
.state.failed,.state.interrupted{color:var(--worse)}
.state.paused,.state.queued,.state.pausing,.state.stopping,.state.stopped{color:var(--alarm)}
progress{width:100%;height:.55rem;margin-top:.6rem;accent-color:var(--completion);border-radius:.3rem}
main .lead{margin-top:1rem}
.asked{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1rem 1.6rem;margin-top:1.2rem}
.asked article{border:1px solid var(--line);border-radius:.7rem;background:var(--raised);padding:.9rem 1.1rem;min-height:8rem}
.asked .said{min-height:2.5rem;margin-top:.5rem}
.log{max-height:18rem;overflow:auto}
[aria-busy=true]{opacity:.6}
@media(max-width:44rem){.weight{grid-template-columns:1fr 8rem}}
`;
