import RCMLDocument

@testable import RCMLDial

extension DialDriver {
  static func line(_ effect: CallEffect) -> String {
    switch effect {
    case .ringCaller(let code, let leg):
      return "caller \(code)" + (leg.map { " media of \($0.number)" } ?? "")
    case .answerCaller(let leg): return "caller 200" + (leg.map { " with \($0.number)" } ?? "")
    case .rejectCaller(let code, let phrase, let why):
      return "caller \(code)" + (phrase.isEmpty ? "" : " \(text(phrase))") + reasons(why)
    case .hangUpCaller(let why): return "caller BYE" + reasons(why)
    case .startLeg(let leg, let request): return "leg \(leg.number) INVITE \(request.target.user)"
    case .cancelLeg(let leg, let why): return "leg \(leg.number) CANCEL" + reasons(why)
    case .hangUpLeg(let leg, let why): return "leg \(leg.number) BYE" + reasons(why)
    case .bridge(let leg, _): return "bridge \(leg.number)"
    case .hearLeg(let leg): return "hear \(leg.number)"
    case .record(let request):
      return "record" + (request.leg.map { " with \($0.number)" } ?? "")
        + (request.isDual ? " dual" : "")
    case .recordAlso(_, let leg): return "record \(leg.number) too"
    case .endRecording(_, let isKept): return isKept ? "end recording" : "drop recording"
    case .recordingStatus(let status, let callback):
      return "recording \(status.state.rawValue)" + (callback == nil ? "" : " told")
    case .takeRefer(let leg): return "leg \(leg.number) may refer"
    case .referTaken(let leg): return "leg \(leg.number) referred"
    case .unbridge(let leg): return "unbridge \(leg.number)"
    case .ask(let question): return "ask \(question.target) \(question.noun) \(question.text)"
    case .fetch(let number, let request):
      return "fetch \(number.number) \(request.purpose) \(request.method) \(request.url)"
    case .abortFetch(let number): return "abort \(number.number)"
    case .status(let leg, let status, let callback):
      return "leg \(leg.number) " + event(status) + number(callback)
    case .perform(let number, .caller, let what):
      return "perform \(number.number) \(verb(what)) on caller"
    case .perform(let number, .leg(let leg), let what):
      return "perform \(number.number) \(verb(what)) on \(leg.number)"
    case .stopPerforming(let number): return "stop \(number.number)"
    case .dialEnded(let result): return "dial \(result.status.rawValue)"
    case .warn(let finding): return "warn \(finding.code.rawValue)"
    case .ended(let end): return "ended \(end.status.rawValue)"
    }
  }

  private static func event(_ status: LegStatus) -> String {
    let name = StatusParameters.name(of: status.event)
    return status.event == .completed ? "\(name) \(status.status.rawValue)" : name
  }

  private static func number(_ callback: StatusCallback?) -> String {
    let number = callback?.parameters.first { $0.name == "SequenceNumber" }?.value
    return number.map { " #\($0)" } ?? ""
  }

  private static func verb(_ performance: Performance) -> String {
    switch performance {
    case .say: "Say"
    case .play: "Play"
    case .gather: "Gather"
    case .record: "Record"
    case .ringing: "ringing"
    case .warning: "warning"
    case .farewell: "farewell"
    }
  }

  private static func reasons(_ reasons: [[UInt8]]) -> String {
    let texts = reasons.map { reason -> String in
      switch text(reason) {
      case #"SIP;cause=200;text="Call completed elsewhere""#: "elsewhere"
      case #"Q.850;cause=19;text="No answer""#: "no answer"
      case let other: other
      }
    }
    return texts.isEmpty ? "" : " (" + texts.joined(separator: ", ") + ")"
  }

  private static func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }
}
