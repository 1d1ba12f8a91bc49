import RCMLBasics
import RCMLMedia

/// Everything the core learns about the world.
public enum Input {
  /// First of all inputs, exactly once: 32 octets of entropy, and what the calendar says.
  case started(entropy: [UInt8], wall: WallClock)
  /// The machine's clock was set (the reactor looks at most once a second).
  case wallClock(WallClock)
  case network(NetworkInput)
  /// The answer to a `NameCommand` of this number.
  case names(ResolutionID, NameAnswer)
  /// How an exchange that was begun ended.
  case web(ExchangeID, WebAnswer)
  /// What media came to, or learnt. The packets themselves never come here.
  case media(MediaEvent)
  /// Whether the process has as much memory as `max_memory` allows (spec Y-9); told when that changes.
  case memory(isFull: Bool)
  /// A deadline came. Any other input at or after the deadline does the same.
  case timePassed
}
