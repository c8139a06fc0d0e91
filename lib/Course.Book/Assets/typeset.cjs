// Reads [{tex, display}] and writes [{html} or {error}] in the same order.
const katex = require("katex");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(({ tex, display }) => {
    try {
        return { html: katex.renderToString(tex, { displayMode: display, throwOnError: true, strict: "ignore" }) };
    } catch (error) {
        return { error: error.message };
    }
})));
