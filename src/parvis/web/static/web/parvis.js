/* The little that a server-rendered page needs from a browser. Every behaviour is named by a data attribute. */
"use strict";

/* data-submit-on-change: a filter applies as soon as it is chosen by pointer. The keys walk through the choices without
   leaving the page (WCAG 3.2.2): there the button applies them, as it does without script. */
let byKeys = false;
document.addEventListener("keydown", () => { byKeys = true; }, true);
document.addEventListener("pointerdown", () => { byKeys = false; }, true);
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && !byKeys) form.requestSubmit();
});

/* data-confirm="sentence": ask before doing what cannot be undone. */
document.addEventListener("submit", (event) => {
  const sentence = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (sentence && !window.confirm(sentence)) event.preventDefault();
});

/* A form that writes goes out once in the life of a page, however often it is clicked; meanwhile its data-waiting line
   (an empty role="status") says what is going on. Coming back to the page by the browser's own arrow frees it. */
let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) { event.preventDefault(); return; }
  sent.add(form);
  const line = form.querySelector("[data-waiting]");
  if (line) line.textContent = line.dataset.waiting;
});
window.addEventListener("pageshow", (event) => { if (event.persisted) sent = new WeakSet(); });

/* data-fill="id of a field": put the button's value in the field, to be read and sent by a person. Hidden without script. */
for (const button of document.querySelectorAll("button[data-fill]")) button.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-fill]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fill);
  field.value = button.value;
  field.focus();
});

/* data-print: print the page. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* A menu made of <details> closes on Escape, and when the focus leaves it. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest("details.menu[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
document.addEventListener("focusout", (event) => {
  const open = event.target.closest("details.menu[open]");
  if (open && event.relatedTarget && !open.contains(event.relatedTarget)) open.open = false;
});

/* French punctuation never opens a line: « ; : ! ? » are bound to the word before them, guillemets to the word they hold.
   On screen only: what is typed, read by script or sent keeps its plain spaces. */
const bindPunctuation = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!/[«»;:!?]/.test(node.data) || node.parentElement.closest("textarea, select, script, style, code, pre")) continue;
    const bound = node.data.replace(/(«) | ([»;:!?])/g, (_, opening, closing) => (opening ? "«\u00a0" : `\u00a0${closing}`));
    if (bound !== node.data) node.data = bound;
  }
};
bindPunctuation(document.body);
document.addEventListener("htmx:afterSettle", (event) => bindPunctuation(event.target));

/* On a narrow screen the rooms scroll sideways: the one where the person is comes into sight. */
const room = document.querySelector(".rooms [aria-current]");
if (room) { const line = room.closest("ul"); line.scrollLeft = room.offsetLeft - line.offsetLeft - (line.clientWidth - room.offsetWidth) / 2; }

/* data-latest: what runs from past to present opens on the present when it does not fit. */
document.querySelectorAll("[data-latest]").forEach((line) => { line.scrollLeft = line.scrollWidth; });
