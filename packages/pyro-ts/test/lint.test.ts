/** A tensor as a condition is always true, and nothing at run time can see it. The lint rule of the docs does. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

/** Messages of the rule for a piece of code, by line. */
function lint(code: string): readonly string[] {
  const script = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint({ overrideConfigFile: 'scripts/eslint.config.mjs' });
    const [{ messages }] = await eslint.lintText(process.argv[1], { filePath: ${JSON.stringify(__filename)} });
    console.log(JSON.stringify(messages.map(({ line, ruleId }) => line + ' ' + ruleId)));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, code], {
    cwd: root,
    encoding: 'utf8',
    // With CI set, typescript-eslint takes types from the files on disk instead of from the text it is given.
    env: { ...process.env, TSESTREE_SINGLE_RUN: 'false' },
  });
  return (JSON.parse(output) as string[]).filter((message) => message.includes('strict-boolean'));
}

it('finds tensors in if, ?:, !, && and while, and lets optional tensors pass', () => {
  const code = `
import { dist, sample, type tf } from 'pyro-ts';
export function model(maybe?: tf.Tensor): unknown {
  const x = sample('x', dist.Normal(0, 1));
  if (x.greater(0)) return 1;
  const y = x ? 1 : 2;
  const z = !x;
  while (x) return x && y;
  return maybe ? z : 3;
}
`;
  const rule = '@typescript-eslint/strict-boolean-expressions';
  expect(lint(code)).toEqual([5, 6, 7, 8, 8].map((line) => `${line} ${rule}`));
});
