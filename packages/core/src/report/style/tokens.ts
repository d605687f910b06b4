/** Tokens shaded by weight; the preview's page has them too. */
export const tokenStyle = `
.example{margin-top:1.2rem}
.example h3{margin:0 0 .3rem;font-size:.85rem;font-weight:600;color:var(--quiet)}
.tokens{font:14px/2.1 ui-monospace,'SF Mono',Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.system{--role:var(--system)}.user{--role:var(--user)}.tool{--role:var(--tool)}.assistant{--role:var(--assistant)}.template{--role:var(--template)}.bos{--role:var(--bos)}
.run b{font:600 10.5px/1 system-ui,sans-serif;color:var(--role);margin:0 .35em 0 .5em;vertical-align:.1em;white-space:nowrap;user-select:none}
.token{background:color-mix(in oklab,var(--role) calc(var(--ground)*var(--strength)),transparent);border-bottom:2px solid var(--role);padding:.15em .08em;margin-right:1px;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.token:hover{outline:2px solid var(--role)}
.unlearnt .token{color:var(--quiet);border-bottom:1px dotted var(--track)}
.legend-line{margin-top:.5rem}
.legend-line b{border-bottom:2px solid var(--role)}
`;
