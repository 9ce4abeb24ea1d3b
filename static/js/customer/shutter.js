// A short tone, so that a hand which cannot see the screen knows that the picture was taken.

let context = null;

// Browsers let a page sound only after a tap: call this from one.
export function arm() {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  if (Audio) context ??= new Audio();
}

export function click() {
  if (!context) return;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 880;
  volume.gain.setValueAtTime(0.15, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.18);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.2);
}
