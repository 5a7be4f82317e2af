#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report: one page that says of each site what it was, what it is and why, to people, on any screen."""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from reported import FILES, Page, in_project, run
from workspace import Project, arguments, check


@in_project
def the_html_report_is_one_file_that_needs_nothing_else(project):
    for _ in range(2):
        run(project, "--status", "--history=h", "--report=a.html", "--report=a.json")
    text = (project.source / "a.html").read_text()
    page = Page(text)
    check(not page.loads and "url(" not in text and "@import" not in text, f"the page loads {page.loads}")
    check("prefers-color-scheme:dark" in text and "svg" in page.tags, "no dark colours, or no burn-down")
    for site in json.loads((project.source / "a.json").read_text())["sites"]:
        check(site["symbol"] in page.text and site["rule"] in page.text and site["reason"] in page.text, str(site))
        line = FILES[site["file"]].splitlines()[site["line"] - 1]
        check(line in page.text, f"the source line is missing: {line}")
    check("src/deep" in page.text and "By folder" in page.text, "no folders")
    check(set(page.links) <= set(page.names) and len(page.names) == len(set(page.names)), "a link leads nowhere, or to two places")


def site_in(text, number):
    """The words of one site of the page, and its lines as they stand in their boxes."""
    own = re.search(rf"<div class='site \w+' id=site{number}>(.*?)</div></div>", text, re.S)[1]
    boxes = re.findall(r"<code(?: class=(\w+))?>(.*?)</code>", own, re.S)
    return Page(own).text, {name: html.unescape(line) for name, line in boxes}


@in_project
def the_html_report_says_what_becomes_of_each_line(project):
    run(project, "--report=a.html", "--report=a.json")
    text = (project.source / "a.html").read_text()
    for number, site in enumerate(json.loads((project.source / "a.json").read_text())["sites"], 1):
        words, lines = site_in(text, number)
        told = subprocess.run([project.given.tool, "--explain", site["reason"] or site["rule"]], capture_output=True, text=True).stdout
        if site["state"] != "migrated":
            explanation, what_to_do = told.split("\n\n", 1)[1].split("\n\nWhat to do: ")
            check(explanation.strip() in words and what_to_do.strip() in words, f"{words} does not say: {told}")
            check("waits_for" not in site or f"It waits for {site['waits_for'].rsplit(':', 1)[0]}." in words, words)
        if site["line"] == 3 and site["file"] == "src/a.cpp":
            # Two sites of one line: the one in the macro's argument, and the one behind it.
            check(re.sub("</?mark>", "", lines["old"]).replace("</del><del>", "") ==
                  "std::size_t leaks() { return LEAKS.size() + <del>utils::check_gpu_memory_leaks</del>().size(); }", str(lines))
            check(lines["new"] == "std::size_t leaks() { return LEAKS.size() + <ins>triune::default_manager().report_leaks</ins>().size(); }",
                  str(lines))
        if site["line"] == 3 and site["file"] == "src/deep/b.cpp":
            check(lines["new"].startswith("/* é */ <ins>triune::BufferConfig</ins> config = ") and "old" in lines, str(lines))
        if site["state"] == "unseen":
            check(lines == {"": "auto usage = utils::<mark>get_gpu_memory_usage</mark>();"}, str(lines))


# Edits that move text, reach over several lines, take a line or put one before it.
CASES = ("argument_side_effects", "buffer_manager", "handlers_passed", "excluded_branches", "managed_buffers", "removed_lines")


def the_html_report_shows_no_line_that_is_not_in_a_file(given):
    folder_of = pathlib.Path(__file__).resolve().parent / "cases"
    files = {f"{name}.cpp": (folder_of / name / "before.cpp").read_text() for name in CASES}
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, files)
        project.database(list(files))
        run(project, "--fix", "--no-verify", "--report=a.html", "--report=a.json")
        sites = json.loads((project.source / "a.json").read_text())["sites"]
        text = (project.source / "a.html").read_text()
        seen = set()
        for number, site in enumerate(sites, 1):
            _, lines = site_in(text, number)
            for kind, line in lines.items():
                plain = re.sub("</?(?:mark|del|ins)>", "", line)
                gone = plain == "<i>nothing</i>"
                where = project.text(site["file"]) if kind == "new" else files[site["file"]]
                check(gone or plain in where, f"{site}: {plain!r} is not in the file")
                check(gone or line != plain, f"{site}: nothing is marked in {line!r}")
                seen.add((kind, gone, "\n" in plain))
        check({("new", True, False), ("new", False, True), ("old", False, True), ("", False, False)} <= seen, str(seen))


@in_project
def the_html_report_explains_its_rules_in_place(project):
    run(project, "--report=a.html", "--report=a.json")
    text = (project.source / "a.html").read_text()
    rules = dict(re.findall(r"<details id=(TRIUNE\d+)>(.*?)</details>", text, re.S))
    sites = json.loads((project.source / "a.json").read_text())["sites"]
    check(set(rules) == {site["rule"] for site in sites}, str(set(rules)))
    for rule, inside in rules.items():
        told = subprocess.run([project.given.tool, "--explain", rule], capture_output=True, text=True).stdout
        words = Page(inside).text
        for line in told.split("\n\nNames:")[0].splitlines()[1:]:
            check(re.sub(r"^  (before|after): +", "", line) in words, f"{rule}: '{line}' is not in {words}")
        number = sum(site["rule"] == rule for site in sites)
        check(f"{number} site" in words, words)


@in_project
def the_html_report_has_its_date_its_program_and_the_project(project):
    first, second = (project.source / name for name in ("a.html", "b.html"))
    run(project, f"--report={first}")
    run(project, f"--report={second}")
    check(first.read_bytes() == second.read_bytes(), "two runs of one time write two pages")
    head = first.read_text().split("<section>")[0]
    version = subprocess.run([project.given.tool, "--version"], capture_output=True, text=True).stdout.split(" (")[0]
    check("<time datetime='2023-11-14T22:13:20Z'>2023-11-14 22:13 UTC</time>" in head and version in head, head[-600:])
    check("<h1>Migration of source to triune</h1>" in head, head[-600:])
    named = project.source / "src"
    (named / ".git").mkdir()
    run(project, f"--report={first}")
    check("<h1>Migration of src to triune</h1>" in first.read_text(), "the project is its repository")


# What is in a source, a path or a file of earlier totals is text to the page.
EVIL = "<img src=x onerror=alert(1)>"


def nothing_in_a_source_means_anything_to_the_page(given):
    name = f"{EVIL}&'\".cpp"
    source = ('#include "utils/gpu_memory.hpp"\n'
              f'const char* a = "{EVIL}"; std::size_t n = utils::check_gpu_memory_leaks().size(); /* </code></details></script> */\n'
              "/* " + "é" * 900 + " */ std::size_t far = utils::check_gpu_memory_leaks().size();  // triune-migrate: keep\n")
    with tempfile.TemporaryDirectory() as folder:
        project = Project(given, folder, {name: source})
        project.database([name])
        for _ in range(2):
            (project.source / "h").write_text('{"time":"<script>2020","left":3}\n{"time":"<script>2021","left":3}\n')
            run(project, "--report=a.html", "--history=h")
        text = (project.source / "a.html").read_text()
        page = Page(text)
        check("img" not in page.tags and not page.loads and page.tags.count("script") == 1, str(page.tags))
        check(page.text.count(EVIL) >= 4 and "</code></details></script>" in page.text, page.text[-3000:])
        check("check_gpu_memory_leaks" in site_in(text, 3)[0] and "\ufffd" not in text and "... éé" in page.text,
              "a line that is cut is cut within a character, or far from its site")


def luminance(colour):
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@in_project
def the_html_reports_colours_have_contrast(project):
    run(project, "--report=a.html")
    themes = re.findall(r":root\{([^}]*)\}", (project.source / "a.html").read_text())
    check(len(themes) == 2, str(themes))
    for theme in themes:
        colours = dict(re.findall(r"--([\w-]+):(#\w{6})", theme))
        texts = [(front, "card") for front in ("ink", "soft", "accent", "migrated", "blocked", "unseen")]
        texts += [("ink", back) for back in ("paper", "code", "mark", "taken", "put")]
        texts += [("soft", "paper"), ("accent", "paper"), ("soft", "code")]
        for front, back in texts:
            check(contrast(colours[front], colours[back]) >= 4.5, f"{front} on {back}: {contrast(colours[front], colours[back]):.2f}")
        for back in ("card", "paper"):
            check(contrast(colours["edge"], colours[back]) >= 3, f"the edge of a field on {back}")


# Asked of the page in a frame: which text has too little contrast, whether it scrolls sideways, what its filter and links
# do.
QUESTIONS = """
const page=frame.contentDocument,view=frame.contentWindow,said=[];
const rgb=text=>text.match(/[\\d.]+/g).map(Number);
const light=colour=>{const p=colour.slice(0,3).map(v=>v/255).map(v=>v<=.04045?v/12.92:((v+.055)/1.055)**2.4);
return .2126*p[0]+.7152*p[1]+.0722*p[2]};
for(const each of page.querySelectorAll('details'))each.open=true;
let looked=0;const walk=page.createTreeWalker(page.body,4);
while(walk.nextNode()){const at=walk.currentNode.parentElement;
if(!walk.currentNode.data.trim()||at.closest('script,style,svg,title'))continue;
let under=at;while(rgb(view.getComputedStyle(under).backgroundColor)[3]===0&&under.parentElement)under=under.parentElement;
const pair=[view.getComputedStyle(at).color,view.getComputedStyle(under).backgroundColor].map(rgb).map(light).sort((a,b)=>a-b);
const ratio=(pair[1]+.05)/(pair[0]+.05);looked++;if(ratio<4.5)said.push(at.tagName+' '+at.className+': '+ratio.toFixed(2))}
if(looked<100)said.push('only '+looked+' texts');
const root=page.documentElement;
if(root.scrollWidth>frame.clientWidth)said.push('scrolls sideways: '+root.scrollWidth+' in '+frame.clientWidth);
const code=[...page.querySelectorAll('.site code')];
if(!code.some(each=>each.scrollWidth>each.clientWidth))said.push('a long line scrolls in its box at 1200 px alone, or not at 400');
const sites=()=>[...page.querySelectorAll('.site')].filter(each=>each.getClientRects().length);
const all=sites().length,box=page.querySelector('#text');
box.value='get_gpu_memory_usage';box.dispatchEvent(new Event('input'));
if(sites().length!==1||page.querySelector('#shown').textContent!=='1 of '+all+' sites')said.push('the filter shows '+sites().length);
const link=page.querySelector(".site a[href^='#site']")||page.querySelector("a[href^='#site']");
for(const each of page.querySelectorAll('details'))each.open=false;
page.addEventListener('click',event=>event.preventDefault());link.click();  // a frame made of text has no address to go to
setTimeout(()=>{const to=page.getElementById(link.getAttribute('href').slice(1));
if(!to.getClientRects().length)said.push('a link leads to what is hidden');
const keys=[...page.querySelectorAll('a,button,input,summary')];
if(keys.some(each=>each.tabIndex<0))said.push('no key reaches some control');
document.title='answers';document.body.textContent=said.length?said.join('; '):'all is well'},200);
"""


@in_project
def a_browser_finds_the_html_report_sound(project):
    chromium = shutil.which("chromium")
    if chromium is None:
        print("  no chromium here: the page is not looked at")
        return
    for _ in range(2):
        run(project, "--status", "--history=h", "--report=a.html")
    text = (project.source / "a.html").read_text()
    dark = text.replace("@media (prefers-color-scheme:dark)", "@media all")
    check(dark != text, "no dark colours")
    for theme, width in ((text, 400), (dark, 400), (text, 1200)):
        asked = QUESTIONS if width == 400 else QUESTIONS.replace("!code.some(", "code.some(")
        frame = f'<iframe id=frame style="border:0;width:{width}px;height:900px" srcdoc="{html.escape(theme)}"></iframe>'
        (project.source / "frame.html").write_text(
            f"<!doctype html><meta charset=utf-8><body>{frame}<script>frame.onload=()=>{{frame.onload=null;{asked}}}</script>")
        done = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom",
                               str(project.source / "frame.html")], capture_output=True, text=True, timeout=240)
        check("<body>all is well</body>" in done.stdout, f"{width} px: {done.stdout[-600:]}\n{done.stderr[-300:]}")


def main():
    given = arguments()
    for test in (the_html_report_is_one_file_that_needs_nothing_else, the_html_report_says_what_becomes_of_each_line,
                 the_html_report_shows_no_line_that_is_not_in_a_file, the_html_report_explains_its_rules_in_place,
                 the_html_report_has_its_date_its_program_and_the_project,
                 nothing_in_a_source_means_anything_to_the_page, the_html_reports_colours_have_contrast,
                 a_browser_finds_the_html_report_sound):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    sys.exit(main())
