// In a function of its own: outputs of notebooks bring scripts with names of their own.
(() => {
"use strict";
const root = document.documentElement;
const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

// Light or dark, remembered.
$("#theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
    diagrams();
});

// On narrow screens the list of chapters opens and closes.
const menu = $("#menu");
menu.addEventListener("click", () => menu.setAttribute("aria-expanded", root.classList.toggle("chapters-open")));

// Diagrams are drawn from their text, again when the colours change.
for (const pre of all("pre.mermaid")) pre.dataset.source = pre.textContent;
async function diagrams() {
    if (!window.mermaid) return;
    mermaid.initialize({ startOnLoad: false, theme: dark() ? "dark" : "neutral", securityLevel: "loose", flowchart: { useMaxWidth: true } });
    const drawn = all("pre.mermaid");
    for (const pre of drawn) {
        pre.removeAttribute("data-processed");
        pre.textContent = pre.dataset.source;
    }
    await mermaid.run({ nodes: drawn });
    root.dataset.diagrams = drawn.length;
}
diagrams();

// Copy buttons.
for (const pre of all("pre.code")) {
    const button = document.createElement("button");
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText($("code", pre).textContent);
        button.textContent = "Copied";
        setTimeout(() => button.textContent = "Copy", 1500);
    });
    pre.before(button);
}

// What scrolls sideways can be reached by keyboard.
function reachable() {
    for (const box of all("pre, .wide, .rich, .equation, .text p"))
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
}
reachable();
addEventListener("resize", reachable);

// The outline follows the reader.
const entries = new Map(all(".outline a").map(a => [decodeURIComponent(a.hash.slice(1)), a]));
const headings = all("main h2[id], main h3[id]").filter(h => entries.has(h.id));
if (headings.length) {
    const follow = () => {
        const seen = headings.findLast(h => h.getBoundingClientRect().top < 120) ?? headings[0];
        for (const [id, a] of entries)
            if (id === seen.id) a.setAttribute("aria-current", "true");
            else a.removeAttribute("aria-current");
    };
    addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
    follow();
}

// A folded solution opens when a link leads into it.
function unfold() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && (target.closest("details") ?? $("details.solution", target));
    if (details) details.open = true;
}
addEventListener("hashchange", unfold);
unfold();

// Signatures of the names in code.
const names = $("#names") ? JSON.parse($("#names").textContent) : [];
const tip = $("#tip");
document.addEventListener("mouseover", event => {
    const name = event.target.closest?.("[data-n]");
    tip.hidden = !name;
    if (!name) return;
    const { signature, summary } = names[name.dataset.n];
    tip.replaceChildren(Object.assign(document.createElement("code"), { textContent: signature }), summary);
    const at = name.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${at.bottom + tip.offsetHeight + 8 < innerHeight ? at.bottom + 6 : at.top - tip.offsetHeight - 6}px`;
});

// Search over the index that was made with the book; it is loaded when somebody first searches.
const find = $("#find"), box = $("input", find), list = $("ol", find);
let index;
const script = source => new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = source;
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
});
async function openSearch() {
    find.showModal();
    box.select();
    if (index) return;
    await script("assets/minisearch.js");
    await script("assets/search-index.js");
    index = MiniSearch.loadJS(window.bookIndex, { idField: "url", fields: ["heading", "page", "text"], storeFields: ["heading", "page", "start"] });
    search();
}
function search() {
    if (!index) return;
    const found = box.value.trim() ? index.search(box.value, { prefix: true, fuzzy: 0.15, boost: { heading: 3, page: 2 }, combineWith: "AND" }).slice(0, 20) : [];
    list.replaceChildren(...found.map(hit => {
        const item = document.createElement("li"), link = document.createElement("a");
        link.href = hit.id;
        link.append(Object.assign(document.createElement("b"), { textContent: hit.heading }), ` ${hit.page}`, Object.assign(document.createElement("small"), { textContent: hit.start }));
        link.addEventListener("click", () => find.close());
        item.append(link);
        return item;
    }));
    if (!found.length && box.value.trim()) list.append(Object.assign(document.createElement("li"), { textContent: "Nothing found." }));
}
$("#search").addEventListener("click", openSearch);
$(".close", find).addEventListener("click", () => find.close());
box.addEventListener("input", search);
addEventListener("keydown", event => {
    if (event.key === "/" && !event.target.closest("input, textarea, dialog")) {
        event.preventDefault();
        openSearch();
    }
});
root.dataset.ready = "true";
})();
