'use strict';
// Diagrams are drawn one by one when their slide is shown: a hidden element has no size.
let drawing = Promise.resolve();
function draw(slide) {
  if (!window.mermaid || !slide) return;
  const waiting = slide.querySelectorAll('pre.mermaid:not([data-processed])');
  if (waiting.length) drawing = drawing.then(() => mermaid.run({ nodes: [...waiting] }));
}
if (window.mermaid) mermaid.initialize({ startOnLoad: false, theme: 'neutral', securityLevel: 'loose' });
Reveal.initialize({ width: 1280, height: 800, margin: 0.04, center: false, hash: true, slideNumber: 'c/t', transition: 'none', plugins: [RevealNotes] })
  .then(() => { draw(Reveal.getCurrentSlide()); document.documentElement.dataset.ready = '1'; });
Reveal.on('slidechanged', event => draw(event.currentSlide));
