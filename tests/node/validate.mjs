// Reads the paths of HTML files from standard input, one a line, and prints what a validator holds against them:
//     FILE:LINE:COLUMN RULE message
// GLOSSA_NODE_MODULES names the folder with html-validate.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(join(dirname(process.env.GLOSSA_NODE_MODULES), 'validate.cjs'));
const { HtmlValidate, StaticConfigLoader } = require('html-validate');

const config = {
  root: true,
  extends: ['html-validate:standard', 'html-validate:document'],
  rules: {
    // What a page loads comes from the host that sent the page; a digest would guard it against nobody.
    'require-sri': ['error', { target: 'crossorigin' }],
  },
};

const validator = new HtmlValidate(new StaticConfigLoader(config));
const files = readFileSync(0, 'utf8').split('\n').filter(Boolean);
for (const file of files) {
  const report = await validator.validateString(readFileSync(file, 'utf8'), file);
  for (const result of report.results)
    for (const message of result.messages) console.log(`${file}:${message.line}:${message.column} ${message.ruleId} ${message.message}`);
}
