extension Reference {
  /// What is known of one party of a Dial. Times are milliseconds.
  final class Leg {
    enum State { case calling, ringing, screening, bridged, cancelling, over }

    unowned let dial: Dial
    let target: Plan.Target
    let index: Int
    var state = State.calling
    /// When its first provisional response comes.
    var heardAt = Int.max
    var mayCancel = true
    var isGivenUp = false
    var status = ""
    var dialStatus = ""
    var code: Int?
    var screening = "-"
    var answeredAt: Int?
    var duration = 0
    var mediaFailed = false
    var callbacks = 0

    init(_ target: Plan.Target, of dial: Dial) {
      (self.target, self.dial, index) = (target, dial, dial.legs.count)
    }

    var name: String { target.callee.map { "callee\($0)" } ?? "invalid\(index)" }
    var isUnanswered: Bool { state == .calling || state == .ringing }
    func isUp() -> Bool { isActive }
    /// Its INVITE has no final response, and no CANCEL that will make one.
    func isWaiting() -> Bool { mayCancel }
    func isIn(_ wanted: State) -> () -> Bool { { self.state == wanted } }
    var isActive: Bool { isUnanswered || state == .screening || state == .bridged }
  }
}
