// Asks a Weir by the two drivers for PostgreSQL that Node programs use.
// Usage: node clients.mjs PORT KEY
import assert from 'node:assert/strict';
import pg from 'pg';
import Cursor from 'pg-cursor';
import postgres from 'postgres';

const [port, password] = process.argv.slice(2);
const where = { host: '127.0.0.1', port: Number(port), user: 'me', password, database: 'default' };

async function nodePostgres() {
  const pool = new pg.Pool({ ...where, max: 3 });
  const one = await pool.query('select count(*)::int as n, max(price) as most from product_viewed');
  assert.deepEqual(one.rows, [{ n: 500, most: 499.5 }]);
  const found = await pool.query(
    'select sku, price from product_viewed where sku = any($1) and price < $2 order by price',
    [['S1', 'S2', 'S400'], 100]);
  assert.deepEqual(found.rows.map(row => row.sku), ['S1', 'S2']);
  const since = new Date('2020-01-01T00:00:00Z');
  const kinds = await pool.query(
    `select $1::text as t, $2::int as i, $3::boolean as b, $4::timestamptz as at, $5::jsonb as j,
      null as nothing, array['a', 'b'] as list, interval '1 day 2 hours' as span`,
    ['it\'s', 7, true, since, { a: [1, 'x'] }]);
  assert.equal(kinds.rows[0].t, "it's");
  assert.equal(kinds.rows[0].i, 7);
  assert.equal(kinds.rows[0].b, true);
  assert.deepEqual(kinds.rows[0].at, since);
  assert.deepEqual(kinds.rows[0].j, { a: [1, 'x'] });
  assert.equal(kinds.rows[0].nothing, null);
  assert.deepEqual(kinds.rows[0].list, ['a', 'b']);
  assert.deepEqual({ ...kinds.rows[0].span }, { days: 1, hours: 2 });
  const counted = await pool.query(
    'select count(*)::int as n from product_viewed where timestamp > $1 and user_id <> $2',
    [since, 'u0']);
  assert.equal(counted.rows[0].n, 428);
  for (let i = 0; i < 3; i++) {
    const named = await pool.query(
      { name: 'by-sku', text: 'select price from product_viewed where sku = $1', values: ['S' + i] });
    assert.equal(named.rows[0].price, i + 0.5);
  }
  const client = await pool.connect();
  await client.query('begin');
  await client.query('savepoint a');
  await assert.rejects(client.query('select nosuch from product_viewed'), { code: '42703' });
  await assert.rejects(client.query('select 1'), { code: '25P02' });
  await client.query('rollback to savepoint a');
  const cursor = client.query(new Cursor('select i from range(1000) r(i) where i >= $1', [10]));
  assert.equal((await cursor.read(100)).length, 100);
  assert.equal((await cursor.read(2000)).length, 890);
  await cursor.close();
  await client.query('commit');
  client.release();
  await pool.end();
}

async function postgresJs() {
  const sql = postgres({ ...where, max: 2, onnotice: () => {} });
  const skus = ['S3', 'S4'];
  const rows = await sql`
    select sku, price from product_viewed where sku in ${sql(skus)} order by price`;
  assert.deepEqual([...rows], [{ sku: 'S3', price: 3.5 }, { sku: 'S4', price: 4.5 }]);
  const any = await sql`select count(*)::int as n from product_viewed where sku = any(${skus})`;
  assert.equal(any[0].n, 2);
  const since = new Date('2020-01-01T00:00:00Z');
  const typed = await sql`
    select ${'a'} as t, ${5}::int as i, ${since}::timestamptz as at, ${true}::boolean as b,
      ${sql.json({ a: 1 })}::jsonb as j, ${[1, 2]}::int[] as list`;
  assert.deepEqual({ ...typed[0] }, { t: 'a', i: 5, at: since, b: true, j: { a: 1 }, list: [1, 2] });
  const later = await sql`
    select count(*)::int as n from product_viewed where timestamp > ${since} and price >= ${490}`;
  assert.equal(later[0].n, 10);
  let seen = 0;
  await sql`select i from range(1000) r(i)`.cursor(300, part => { seen += part.length; });
  assert.equal(seen, 1000);
  const inside = await sql.begin(async transaction => {
    await transaction.savepoint(async point => {
      await point`select nosuch from product_viewed`;
    }).catch(error => assert.equal(error.code, '42703'));
    return transaction`select 42 as n`;
  });
  assert.equal(inside[0].n, 42);
  const copied = [];
  for await (const part of await sql`copy (select 1, 'a b') to stdout`.readable()) {
    copied.push(part.toString());
  }
  assert.equal(copied.join(''), '1\ta b\n');
  await assert.rejects(sql`select * from nosuch`, { code: '42P01' });
  await sql.end();
}

await nodePostgres();
await postgresJs();
console.log('all answered');
