// Tones and touches, so that a hand which cannot see the screen knows how it goes and when the picture was taken.

let context = null;

// Browsers let a page sound only after a tap: call this from one.
export function arm() {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  if (Audio) context ??= new Audio();
}

export function click() {
  sound(880, 0.15, 0.18);
  navigator.vibrate?.(60);
}

// Beside each hint that is spoken: low and one touch while something is to be changed, high and two once all is well.
export function nudge(well) {
  sound(well ? 660 : 330, 0.06, 0.09);
  navigator.vibrate?.(well ? [25, 60, 25] : 25);
}

function sound(pitch, loud, seconds) {
  if (!context) return;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(loud, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + seconds + 0.02);
}
