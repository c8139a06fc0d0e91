// Reads the sections of all pages and writes a search index that the browser only has to load.
const MiniSearch = require("minisearch");
const sections = JSON.parse(require("fs").readFileSync(0, "utf8"));
const index = new MiniSearch({ idField: "url", fields: ["heading", "page", "text"], storeFields: ["heading", "page", "start"] });
index.addAll(sections);
process.stdout.write(JSON.stringify(index));
