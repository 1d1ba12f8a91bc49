import CSpeexDSP

/// Another sampling rate, by the resampler of speexdsp.
enum Resampler {
  private static let quality: Int32 = 7

  static func resample(_ samples: [Int16], from: Int, to: Int) -> [Int16]? {
    var fault: Int32 = 0
    guard
      let state = speex_resampler_init(1, UInt32(from), UInt32(to), quality, &fault), fault == 0
    else { return nil }
    defer { speex_resampler_destroy(state) }
    // The filter looks ahead: without this the sound would begin with silence and lose its end.
    speex_resampler_skip_zeros(state)
    let tail = Int(speex_resampler_get_input_latency(state))
    let padded = samples + Array(repeating: 0, count: tail)
    let wanted = samples.count * to / from
    var output = [Int16](repeating: 0, count: wanted + 64)
    var written = 0
    var read = 0
    while read < padded.count, written < output.count {
      var inputCount = UInt32(clamping: padded.count - read)
      var outputCount = UInt32(clamping: output.count - written)
      padded.withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { room in
          guard let from = input.baseAddress, let to = room.baseAddress else { return }
          fault = speex_resampler_process_int(
            state, 0, from + read, &inputCount, to + written, &outputCount)
        }
      }
      guard fault == 0, inputCount > 0 || outputCount > 0 else { break }
      read += Int(inputCount)
      written += Int(outputCount)
    }
    return Array(output.prefix(min(wanted, written)))
  }
}
