'use strict';
const quiz = JSON.parse(document.getElementById('quiz').textContent);
const field = id => document.getElementById('item-' + id);

function answerOf(item) {
  if (item.kind === 'choice') {
    const chosen = field(item.id).querySelector('input:checked');
    return chosen ? item.options[Number(chosen.value)] : null;
  }
  const text = field(item.id).querySelector('input, textarea').value.trim();
  return text === '' || (item.kind === 'code' && text === item.stub.trim()) ? null : text;
}

function mark(item, answer) {
  if (answer === null) return false;
  if (item.kind === 'choice') return answer === item.right;
  if (item.kind === 'code') return null;
  const value = Number(answer.replace(',', '.').replace('−', '-'));
  return Number.isFinite(value) && Math.abs(value - item.answer) <= item.tolerance;
}

const results = () => quiz.items.map(item => {
  const answer = answerOf(item);
  return { item: item.id, answer, right: mark(item, answer) };
});

document.getElementById('check').addEventListener('click', () => {
  const given = results();
  given.forEach((result, i) => {
    const item = quiz.items[i];
    const verdict = field(item.id).querySelector('.verdict');
    const own = verdict.querySelector('.own');
    own.textContent = result.answer === null ? 'Not answered.'
      : result.right === true ? 'Right.'
      : result.right === null ? 'Code is not marked on this page: compare with the solution.'
      : 'No. ' + (item.kind === 'choice' ? item.reasons[item.options.indexOf(result.answer)] : '');
    verdict.hidden = false;
  });
  const marked = given.filter(r => r.right !== null);
  document.getElementById('score').textContent = marked.filter(r => r.right).length + ' of ' + marked.length + ' right.';
  document.getElementById('save').disabled = false;
});

document.getElementById('save').addEventListener('click', () => {
  const sheet = { schema: quiz.schema, chapter: quiz.chapter, bank: quiz.bank, form: quiz.form,
    learner: document.getElementById('learner').value.trim(), answers: results() };
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(sheet, null, 2) + '\n'], { type: 'application/json' }));
  link.download = quiz.chapter + '-' + quiz.form + (sheet.learner ? '-' + sheet.learner.replace(/[^\w-]+/g, '_') : '') + '.json';
  link.click();
  URL.revokeObjectURL(link.href);
});
