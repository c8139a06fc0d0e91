'use strict';
// Draws 28 × 28 grey pixels as MNIST has them, white on black, and asks the service that this page came from.
const size = 28, scale = 10, patch = 4;
const pad = document.getElementById('pad'), context = pad.getContext('2d', { willReadFrequently: true });
const map = document.getElementById('saliency').getContext('2d');
let drawing = false, last = null, timer = 0, asked = 0, current = null;

function clear() {
  context.fillStyle = '#000';
  context.fillRect(0, 0, pad.width, pad.height);
  map.fillStyle = '#000';
  map.fillRect(0, 0, pad.width, pad.height);
  current = null;
  asked++;
  document.getElementById('answer').textContent = 'Nothing drawn yet.';
  document.getElementById('probabilities').replaceChildren();
  document.getElementById('feedback').hidden = true;
}

function place(event) {
  const box = pad.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function stroke(to) {
  context.strokeStyle = '#fff';
  context.lineWidth = 22;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(...(last ?? to));
  context.lineTo(...to);
  context.stroke();
  last = to;
  clearTimeout(timer);
  timer = setTimeout(ask, 150);
}

// The drawing, made smaller to 20 × 20 and put with its centre of mass in the middle, as MNIST's were.
function pixels() {
  const data = context.getImageData(0, 0, pad.width, pad.height).data;
  let [left, top, right, bottom] = [pad.width, pad.height, -1, -1];
  for (let y = 0; y < pad.height; y++) for (let x = 0; x < pad.width; x++)
    if (data[4 * (y * pad.width + x)] > 0) [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  if (right < 0) return null;
  const width = right - left + 1, height = bottom - top + 1, factor = 20 / Math.max(width, height);
  const small = new OffscreenCanvas(size, size).getContext('2d');
  const draw = (dx, dy) => {
    small.fillStyle = '#000';
    small.fillRect(0, 0, size, size);
    small.imageSmoothingQuality = 'high';
    small.drawImage(pad, left, top, width, height, dx, dy, width * factor, height * factor);
    const raw = small.getImageData(0, 0, size, size).data;
    return Array.from({ length: size * size }, (_, i) => raw[4 * i]);
  };
  const [x0, y0] = [(size - width * factor) / 2, (size - height * factor) / 2];
  const centred = draw(x0, y0);
  let [mass, mx, my] = [0, 0, 0];
  centred.forEach((value, i) => { mass += value; mx += value * (i % size); my += value * Math.floor(i / size); });
  return draw(x0 + Math.round(13.5 - mx / mass), y0 + Math.round(13.5 - my / mass));
}

async function post(path, body, type = 'application/json') {
  const headers = { 'Content-Type': type };
  const key = document.getElementById('key').value;
  if (key) headers['X-Api-Key'] = key;
  const reply = await fetch(path, { method: 'POST', headers, body: body instanceof Blob ? body : JSON.stringify(body) });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.detail ?? reply.statusText);
  return answer;
}

async function ask() {
  const input = pixels(), mine = ++asked;
  if (!input) return;
  try {
    const answer = await post('/v1/predict', { input });
    if (mine !== asked) return;
    show(answer);
    await explain(input, answer, mine);
  } catch (fault) {
    document.getElementById('answer').textContent = `No answer: ${fault.message}`;
  }
}

// The file goes to the service as it is; the page only shows it, and covers parts of what the service makes of it.
async function askPicture(file) {
  clear();
  const mine = ++asked, invert = document.getElementById('invert').checked;
  try {
    const bitmap = await createImageBitmap(file), factor = Math.min(pad.width / bitmap.width, pad.height / bitmap.height);
    const [width, height] = [bitmap.width * factor, bitmap.height * factor];
    context.filter = invert ? 'invert(1)' : 'none';
    context.drawImage(bitmap, (pad.width - width) / 2, (pad.height - height) / 2, width, height);
    context.filter = 'none';
    const answer = await post(`/v1/predict?invert=${invert}`, file, file.type);
    if (mine !== asked) return;
    show(answer);
    const small = new OffscreenCanvas(size, size).getContext('2d');
    small.imageSmoothingQuality = 'high';
    small.drawImage(pad, 0, 0, size, size);
    const raw = small.getImageData(0, 0, size, size).data;
    await explain(Array.from({ length: size * size }, (_, i) => raw[4 * i]), answer, mine);
  } catch (fault) {
    document.getElementById('answer').textContent = `No answer: ${fault.message}`;
  }
}

async function explain(input, answer, mine) {
  // Occlusion: cover one patch after the other and see how far the probability of the answer falls.
  const covered = [];
  for (let y = 0; y < size; y += patch) for (let x = 0; x < size; x += patch)
    covered.push(input.map((value, i) => i % size >= x && i % size < x + patch && Math.floor(i / size) >= y && Math.floor(i / size) < y + patch ? 0 : value));
  const { predictions } = await post('/v1/predict/batch', { inputs: covered });
  if (mine === asked) paint(input, predictions.map(one => answer.probability - one.probabilities[answer.label]));
}

function show(answer) {
  current = { label: answer.label, model: answer.model, id: crypto.randomUUID() };
  document.getElementById('answer').textContent = `${answer.label}, ${(100 * answer.probability).toFixed(1)} % sure (${answer.model})`;
  document.getElementById('probabilities').replaceChildren(...Object.entries(answer.probabilities).map(([label, p]) => {
    const row = document.createElement('tr'), bar = document.createElement('meter');
    bar.value = p;
    bar.setAttribute('aria-label', `probability of ${label}`);
    row.insertCell().textContent = label;
    row.insertCell().append(bar);
    row.insertCell().textContent = `${(100 * p).toFixed(1)} %`;
    return row;
  }));
  const truth = document.getElementById('truth');
  if (!truth.options.length) truth.append(...Object.keys(answer.probabilities).map(label => new Option(label, label)));
  document.getElementById('feedback').hidden = false;
}

function paint(input, falls) {
  const most = Math.max(0.01, ...falls), across = size / patch;
  for (let i = 0; i < size * size; i++) {
    const x = i % size, y = Math.floor(i / size), fall = Math.max(0, falls[Math.floor(y / patch) * across + Math.floor(x / patch)]) / most;
    map.fillStyle = `rgb(${Math.max(input[i], 255 * fall)} ${input[i] * (1 - fall)} ${input[i] * (1 - fall)})`;
    map.fillRect(x * scale, y * scale, scale, scale);
  }
}

pad.addEventListener('pointerdown', event => { drawing = true; last = null; pad.setPointerCapture(event.pointerId); stroke(place(event)); });
pad.addEventListener('pointermove', event => { if (drawing) stroke(place(event)); });
pad.addEventListener('pointerup', () => { drawing = false; });
document.getElementById('clear').addEventListener('click', clear);
document.getElementById('picture').addEventListener('change', event => { if (event.target.files[0]) askPicture(event.target.files[0]); event.target.value = ''; });
document.getElementById('send').addEventListener('click', async () => {
  if (!current) return;
  try {
    await post('/v1/feedback', { requestId: current.id, answer: current.label, truth: document.getElementById('truth').value, modelVersion: current.model.split(' ').at(-1) });
    document.getElementById('feedback').hidden = true;
  } catch (fault) {
    document.getElementById('answer').textContent = `Not kept: ${fault.message}`;
  }
});
clear();
