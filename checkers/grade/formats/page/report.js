// @ts-nocheck It runs in a browser, where there is a document.
// Order and search in the table of students. Without this script the page says the same, in the order of the ids.
const body = document.querySelector('#students tbody');
const rows = [...body.rows];
const texts = new Map(rows.map((row) => [row, row.cells[0].textContent.toLowerCase()]));
const find = document.querySelector('#find');
const order = document.querySelector('#order');

function search() {
  const wanted = find.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !texts.get(row).includes(wanted);
  const shown = rows.filter((row) => !row.hidden).length;
  const label = document.querySelector('#shown');
  label.textContent = label.dataset.words.replace('{shown}', shown).replace('{all}', rows.length);
}

function sort() {
  const [, minus, key] = /^(-?)(.+)$/.exec(order.value);
  const sign = minus === '' ? 1 : -1;
  const value = (row) => Number(row.dataset[key]);
  body.append(...rows.toSorted((a, b) => sign * (value(a) - value(b)) || a.dataset.index - b.dataset.index));
}

find.addEventListener('input', search);
order.addEventListener('change', sort);
document.querySelector('#controls').hidden = false;
