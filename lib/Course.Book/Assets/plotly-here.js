// Plotly's figures ask RequireJS of another host for their script; here it lies beside the page.
window.requirejs = () => {};
window.requirejs.config = () => (names, ready) => ready(window.Plotly);
