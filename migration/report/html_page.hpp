// SPDX-License-Identifier: Apache-2.0
// The fixed parts of the HTML report: its style and its one script.
#pragma once

namespace migrate {

inline constexpr const char* page_style = R"css(
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#1d1c1a;--soft:#6b675f;--rule:#e3dfd8;--accent:#2f6f8f;
--migrated:#2e7d5b;--blocked:#c2691c;--unseen:#8b8780;--mark:#fde9a9;--code:#f4f1ec}
@media (prefers-color-scheme:dark){:root{--paper:#17181a;--card:#1f2124;--ink:#e9e6e0;--soft:#a19c92;--rule:#34363a;
--accent:#7cc0e0;--migrated:#5cc296;--blocked:#f0a35c;--unseen:#9b978f;--mark:#5b4a12;--code:#292b2f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:0 0 12px}
p{margin:0 0 12px}.quiet{color:var(--soft)}
section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:18px 20px;margin-top:16px}
.figures{display:flex;gap:32px;flex-wrap:wrap;align-items:baseline}
.figures b{font-size:34px;font-variant-numeric:tabular-nums;margin-right:8px}
.stack{display:flex;height:14px;border-radius:7px;overflow:hidden;background:var(--rule);margin:14px 0 8px;gap:2px}
.stack i{display:block;min-width:3px}.migrated{--tone:var(--migrated)}.blocked{--tone:var(--blocked)}.unseen{--tone:var(--unseen)}
.stack i,.key:before,.bar i{background:var(--tone)}
.key{margin-right:20px;white-space:nowrap}.key:before{content:"";display:inline-block;width:10px;height:10px;border-radius:3px;
margin-right:6px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px}
.columns section{min-width:0}
table{border-collapse:collapse;width:100%}td,th{padding:4px 8px 4px 0;text-align:left;vertical-align:middle;
overflow-wrap:anywhere}
th{font-weight:600;color:var(--soft);font-size:13px}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;width:56px}
.bar{display:flex;height:8px;border-radius:4px;overflow:hidden;min-width:60px;background:var(--rule)}
.burn{width:100%;height:auto;display:block}.grid{stroke:var(--rule)}.axis{fill:var(--soft);font-size:12px}
.area{fill:var(--accent);opacity:.12}.line{fill:none;stroke:var(--accent);stroke-width:2}.dot{fill:var(--accent)}
.filters{display:flex;gap:8px;flex-wrap:wrap;margin-bottom:12px}
input,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--rule);border-radius:7px;padding:5px 11px}
input{flex:1;min-width:220px}button{cursor:pointer}button[aria-pressed=true]{border-color:var(--accent);color:var(--accent)}
details{border-top:1px solid var(--rule);padding:8px 0}summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}
summary span{color:var(--soft);font-weight:400}
.site{display:grid;grid-template-columns:72px minmax(0,1fr);gap:2px 12px;padding:8px 0 4px}
.site .at{color:var(--soft);text-align:right;font-variant-numeric:tabular-nums}
.site code{display:block;background:var(--code);border-radius:6px;padding:4px 9px;overflow-x:auto;white-space:pre;
font:13px/1.5 ui-monospace,monospace}
.site .why{grid-column:2;color:var(--soft);font-size:13px}.site .why b{color:var(--tone);font-weight:600}
mark{background:var(--mark);color:inherit;border-radius:3px}[hidden]{display:none!important}
)css";

// Hides what neither the text nor the chosen state asks for.
inline constexpr const char* page_script = R"js(
const box=document.querySelector('#text'),buttons=[...document.querySelectorAll('button[data-state]')];let state='';
function show(){const text=box.value.toLowerCase();for(const file of document.querySelectorAll('details')){let any=0;
for(const site of file.querySelectorAll('.site')){const hit=(!state||site.classList.contains(state))&&
(!text||(file.dataset.name+' '+site.textContent).toLowerCase().includes(text));site.hidden=!hit;any+=hit}
file.hidden=!any;if(text&&any)file.open=true}}
box.addEventListener('input',show);
for(const each of buttons)each.addEventListener('click',()=>{state=each.dataset.state;
for(const other of buttons)other.setAttribute('aria-pressed',other===each);show()});
)js";

}  // namespace migrate
