import RCMLDocument

/// Something to be heard or collected on one side of a call.
package enum Performance: Hashable, Sendable {
  case say(Say)
  case play(Play)
  case gather(Gather)
  case record(Record)
}
