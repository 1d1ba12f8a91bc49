/// One piece of what is played on a stream, after the one before it: a `PlayItem` with its samples.
enum PlayPiece: Hashable, Sendable {
  /// 16-bit linear samples at 8 kHz; `times` 0 = until it is stopped.
  case sound([Int16], times: Int)
  /// So many samples of nothing.
  case silence(Int)
  /// Keys as RFC 4733 events.
  case digits([UInt8])
}
