// One question in JSON a line comes in; one answer in JSON a line goes out.
const { createInterface } = require('node:readline');
const { Session } = require('chdb');

const session = new Session();

function ask(sql) {
  const begun = process.hrtime.bigint();
  try {
    const text = session.query(sql, 'JSONCompactEachRow');
    return { seconds: Number(process.hrtime.bigint() - begun) / 1e9, text };
  } catch (failure) {
    return { failure: failure.message };
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => process.stdout.write(JSON.stringify(ask(JSON.parse(line))) + '\n'))
  .on('close', () => session.cleanup());
