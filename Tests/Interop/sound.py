"""Tones made and recognised. Every frequency here is a multiple of 10 Hz, and every window a tenth of a second, so that
one tone shows nothing of another."""

import array
import math
import sys
import wave

RATE = 8000
WINDOW = RATE // 10
CALLER, CALLEE, PROMPT = (1000,), (600,), (800,)
RINGING = (440, 480)  # the United States
LOUD = 1000  # a window's tone is heard from this amplitude on
FAINT = 200  # and below this one there is nothing of it


def mu(sample):
    """ITU-T G.711."""
    magnitude = min(abs(sample), 32635) + 132
    exponent = magnitude.bit_length() - 8
    return ~((0x80 if sample < 0 else 0) | exponent << 4 | magnitude >> exponent + 3 & 15) & 255


def packets(tone):
    """What is said in a tenth of a second, over and over, in five packets."""
    octets = bytes(mu(sample) for sample in period(tone, 8000))
    return [octets[start:start + 160] for start in range(0, WINDOW, 160)]


def period(tone, amplitude):
    return [int(amplitude * sum(math.sin(2 * math.pi * one * n / RATE) for one in tone)) for n in range(WINDOW)]


def write(path, tone, seconds, amplitude=8000):
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples_to_octets(array.array("h", period(tone, amplitude))) * int(seconds * 10))


def samples_to_octets(samples):
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def read(path):
    """One list of samples for each channel."""
    with wave.open(path, "rb") as file:
        if file.getframerate() != RATE or file.getsampwidth() != 2:
            raise ValueError(f"{file.getframerate()} Hz, {file.getsampwidth()} octets a sample")
        samples = array.array("h", file.readframes(file.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        return [samples[channel::file.getnchannels()] for channel in range(file.getnchannels())]


def amplitude(samples, frequency):
    """Goertzel's."""
    factor = 2 * math.cos(2 * math.pi * frequency / RATE)
    one = two = 0.0
    for sample in samples:
        one, two = sample + factor * one - two, one
    return 2 * math.sqrt(max(0.0, one * one + two * two - factor * one * two)) / len(samples)


class Heard:
    """What is in each tenth of a second: a set of tones."""

    def __init__(self, samples):
        self.windows = []
        self.traces = []  # fainter than that, but there
        for start in range(0, len(samples) - WINDOW + 1, WINDOW):
            window = samples[start:start + WINDOW]
            levels = {tone: min(amplitude(window, one) for one in tone)
                      for tone in (CALLER, CALLEE, PROMPT, RINGING)}
            self.windows.append({tone for tone, level in levels.items() if level >= LOUD})
            self.traces.append({tone for tone, level in levels.items() if level >= FAINT})

    def seconds(self, tone):
        return sum(tone in window for window in self.windows) / 10

    def traced(self, tone):
        return sum(tone in window for window in self.traces) / 10

    def first(self, tone):
        """Seconds from the beginning; None: never."""
        return next((n / 10 for n, window in enumerate(self.windows) if tone in window), None)

    def last(self, tone):
        found = [n / 10 for n, window in enumerate(self.windows) if tone in window]
        return found[-1] if found else None

    def gap(self, tone):
        """The longest time without it between its first and its last."""
        longest = run = 0
        started = False
        for window in self.windows:
            if tone in window:
                longest, run, started = max(longest, run), 0, True
            elif started:
                run += 1
        return longest / 10
