/** Colours with names that say what for; every text has a contrast of 4.5 or more with its ground, in light and in dark. */
export const palette = `
:root{color-scheme:light dark;
--page:#fbfaf7;--raised:#fff;--ink:#1d1f22;--quiet:#5f636a;--line:#e3e0d8;--track:#d3cfc4;
--prompt:#15699a;--completion:#177341;--other:#6a6472;--before:#8a8378;--baseline:#a3660a;
--better:#177341;--worse:#ad3326;--alarm:#8a5200;
--strength:1;--system:#8f3589;--user:#15699a;--tool:#835600;--assistant:#177341;--template:#666a71;--bos:#666a71;
--s0:#15699a;--s1:#c2410c;--s2:#177341;--s3:#8f3589;--s4:#8a6d00;--s5:#b02a5b;--s6:#3f6212;--s7:#4f46a5}
@media(prefers-color-scheme:dark){:root{
--page:#16181b;--raised:#1c1f23;--ink:#e7e5df;--quiet:#a3a6ac;--line:#303338;--track:#43474d;
--prompt:#63b7e6;--completion:#5fcf8d;--other:#b3abbd;--before:#9c958a;--baseline:#e0a54a;
--better:#5fcf8d;--worse:#ff9a8c;--alarm:#e8b465;
--strength:.6;--system:#d58ad0;--user:#63b7e6;--tool:#e0ab4a;--assistant:#5fcf8d;--template:#a3a6ac;--bos:#a3a6ac;
--s0:#63b7e6;--s1:#ff9f6b;--s2:#5fcf8d;--s3:#d58ad0;--s4:#e3c04f;--s5:#ff8fb5;--s6:#a9cf6a;--s7:#a9a3f5}}
@media print{:root{--page:#fff;--raised:#fff}}
`;
