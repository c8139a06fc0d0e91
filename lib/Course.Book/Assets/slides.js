'use strict';
// Diagrams are drawn one by one when their slide is shown: a hidden element has no size.
let drawing = Promise.resolve();
function draw(slide) {
  if (!window.mermaid || !slide) return;
  const waiting = slide.querySelectorAll('pre.mermaid:not([data-processed])');
  if (waiting.length) drawing = drawing.then(() => mermaid.run({ nodes: [...waiting] }));
}
if (window.mermaid) mermaid.initialize({ startOnLoad: false, theme: 'neutral', securityLevel: 'loose' });
// What is too high for its slide gets smaller, down to what can still be read from the back; more than that scrolls.
function fit(slide) {
  for (const size of [1, .9, .8, .7, .6]) {
    slide.style.fontSize = size + 'em';
    slide.style.setProperty('--fit', size);
    if (slide.scrollHeight <= slide.clientHeight + 1) break;
  }
}
function show(slide) {
  if (!slide) return;
  fit(slide);
  draw(slide);
  drawing = drawing.then(() => fit(slide));
}
Reveal.initialize({ width: 1280, height: 800, margin: 0.04, center: false, hash: true, slideNumber: 'c/t', transition: 'none', plugins: [RevealNotes] })
  .then(() => { show(Reveal.getCurrentSlide()); document.documentElement.dataset.ready = '1'; });
Reveal.on('slidechanged', event => show(event.currentSlide));
