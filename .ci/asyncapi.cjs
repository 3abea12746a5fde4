// Has AsyncAPI's own parser read the documents that are named on the command line. Errors and warnings fail.
const { Parser, fromFile } = require("@asyncapi/parser");

async function main(paths) {
  let found = 0;
  for (const path of paths) {
    const { document, diagnostics } = await fromFile(new Parser(), path).parse();
    for (const { severity, code, message, path: where } of diagnostics) {
      // 0 is an error, 1 a warning; hints are about taste.
      if (severity <= 1) {
        found++;
        console.error(`${path}: ${where.join("/")}: ${message} (${code})`);
      }
    }
    if (document === undefined) {
      found++;
      console.error(`${path}: is no AsyncAPI document`);
    } else {
      console.log(`${path}: AsyncAPI ${document.version()}, ${document.operations().all().length} operations`);
    }
  }
  return found === 0 && paths.length > 0 ? 0 : 1;
}

main(process.argv.slice(2)).then((code) => process.exit(code));
