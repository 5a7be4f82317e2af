// SPDX-License-Identifier: Apache-2.0
// The fixed parts of the HTML report: its style and its one script.
#pragma once

namespace migrate {

inline constexpr const char* page_style = R"css(
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#ffffff;--ink:#1d1c1a;--soft:#625e57;--rule:#e3dfd8;
--edge:#857f75;--accent:#256582;--migrated:#23704f;--blocked:#9c4d0c;--unseen:#66625b;--mark:#fde9a9;--code:#f4f1ec;
--taken:#fbd9d0;--put:#cdeed9}
@media (prefers-color-scheme:dark){:root{--paper:#17181a;--card:#1f2124;--ink:#e9e6e0;--soft:#b0aba1;--rule:#34363a;
--edge:#85827b;--accent:#7cc0e0;--migrated:#5cc296;--blocked:#f0a35c;--unseen:#b0aba1;--mark:#5b4a12;--code:#292b2f;
--taken:#5c2a22;--put:#1d4a33}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:22px;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:16px;margin:0 0 12px}
p{margin:0 0 12px}.quiet{color:var(--soft)}a{color:var(--accent)}small{font-size:13px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:18px 20px;margin-top:16px}
.figures{display:flex;gap:8px 32px;flex-wrap:wrap;align-items:baseline}
.figures b{font-size:34px;font-variant-numeric:tabular-nums;margin-right:8px}
.stack{display:flex;height:14px;border-radius:7px;overflow:hidden;background:var(--rule);margin:14px 0 8px;gap:2px}
.stack i{display:block;min-width:3px}
.migrated{--tone:var(--migrated)}.blocked{--tone:var(--blocked)}.unseen{--tone:var(--unseen)}
.stack i,.key:before,.bar i{background:var(--tone)}
.key{margin-right:20px;white-space:nowrap}.key:before{content:"";display:inline-block;width:10px;height:10px;
border-radius:3px;margin-right:6px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:16px;
align-items:start}
.columns section{min-width:0;margin-top:0}.columns{margin-top:16px}.columns section:nth-child(n+3){grid-column:1/-1}
table{border-collapse:collapse;width:100%}
td,th{padding:4px 8px 4px 0;text-align:left;vertical-align:middle;overflow-wrap:anywhere}
th{font-weight:600;color:var(--soft);font-size:13px}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;width:56px}
.bar{display:flex;height:8px;border-radius:4px;overflow:hidden;min-width:60px;background:var(--rule)}
.wide{overflow-x:auto}.burn{width:100%;min-width:560px;height:auto;display:block}
.grid{stroke:var(--rule)}.axis{fill:var(--soft);font-size:12px}
.area{fill:var(--accent);opacity:.12}.line{fill:none;stroke:var(--accent);stroke-width:2}.dot{fill:var(--accent)}
.filters{display:flex;gap:8px;flex-wrap:wrap;margin-bottom:12px}
input,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--edge);border-radius:7px;
padding:5px 11px}
input{flex:1;min-width:min(220px,100%)}input::placeholder{color:var(--soft);opacity:1}
button{cursor:pointer}button[aria-pressed=true]{border-color:var(--accent);color:var(--accent)}
details{border-top:1px solid var(--rule);padding:8px 0}
summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}summary span{color:var(--soft);font-weight:400}
.rules p{margin:6px 0 0}
.site{display:grid;grid-template-columns:72px minmax(0,1fr);gap:2px 12px;padding:8px 0 4px}
.site .at{color:var(--soft);text-align:right;font-variant-numeric:tabular-nums;padding-top:4px}
.site:target{outline:2px solid var(--accent);border-radius:6px}
code{font:13px/1.5 ui-monospace,monospace}
.site code,.rules code{display:block;background:var(--code);border-radius:6px;padding:4px 9px;overflow-x:auto;
white-space:pre}
code.old{border-radius:6px 6px 0 0!important}code.new{border-radius:0 0 6px 6px!important}
.rules code{margin-top:6px}.rules code.new{margin-top:0}
code.old:before,code.new:before{color:var(--soft);content:"- "}code.new:before{content:"+ "}
.why{color:var(--soft);font-size:13px;margin:2px 0 0;overflow-wrap:anywhere}.why b{font-weight:600}
.why .state{color:var(--tone)}
mark,del,ins{color:inherit;text-decoration:none;border-radius:3px}
mark{background:var(--mark)}del{background:var(--taken)}ins{background:var(--put)}
del mark{background:none;text-decoration:underline}[hidden]{display:none!important}
@media (max-width:600px){main{padding:16px 10px 48px}section{padding:14px 12px}
.site{grid-template-columns:minmax(0,1fr)}.site .at{text-align:left}
.holding tr{display:block;border-top:1px solid var(--rule);padding:6px 0}.holding tr:first-child{display:none}
.holding td{display:block;width:auto;padding:0}.holding td.n{text-align:left}.holding td.n:after{content:" follow"}}
)css";

// Hides what neither the text nor the chosen state asks for, and opens what a link leads to.
inline constexpr const char* page_script = R"js(
const box=document.querySelector('#text'),buttons=[...document.querySelectorAll('button[data-state]')];
const shown=document.querySelector('#shown');let state='';
function show(){const text=box.value.toLowerCase();let all=0,hits=0;
for(const file of document.querySelectorAll('details[data-name]')){let any=0;
for(const site of file.querySelectorAll('.site')){const hit=(!state||site.classList.contains(state))&&
(!text||(file.dataset.name+' '+site.textContent).toLowerCase().includes(text));site.hidden=!hit;any+=hit;all++}
file.hidden=!any;if(text&&any)file.open=true;hits+=any}
shown.textContent=hits+' of '+all+' sites'}
function choose(one){state=one;
for(const each of buttons)each.setAttribute('aria-pressed',each.dataset.state===one);show()}
function reveal(hash){const to=document.getElementById(hash.slice(1));if(!to)return;
if(to.closest('[hidden]')){box.value='';choose('')}
const closed=to.closest('details');if(closed)closed.open=true;to.scrollIntoView({block:'center'})}
box.addEventListener('input',show);
for(const each of buttons)each.addEventListener('click',()=>choose(each.dataset.state));
document.addEventListener('click',event=>{const link=event.target.closest('a[href^="#"]');if(link)reveal(link.hash)});
addEventListener('hashchange',()=>reveal(location.hash));
show();reveal(location.hash);
)js";

}  // namespace migrate
