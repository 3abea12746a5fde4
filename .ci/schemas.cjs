// Compiles the JSON schemas that are named on the command line as ajv does it in strict mode, formats included.
const fs = require("fs");
const Ajv = require("ajv/dist/2020");
const addFormats = require("ajv-formats");

let failed = 0;
for (const path of process.argv.slice(2)) {
  const ajv = addFormats(new Ajv({ strict: true, allErrors: true }));
  try {
    ajv.compile(JSON.parse(fs.readFileSync(path, "utf8")));
    console.log(`${path}: strict`);
  } catch (e) {
    failed++;
    console.error(`${path}: ${e.message}`);
  }
}
if (process.argv.length < 3) {
  console.error("usage: schemas.cjs SCHEMA...");
  failed++;
}
process.exit(failed === 0 ? 0 : 1);
