import RCMLBasics
import RCMLDocument

@testable import RCMLDial

extension DialDriver {
  static func line(_ effect: CallEffect) -> String {
    switch effect {
    case .caller(let effect): return line(effect)
    case .leg(let leg, let effect): return line(effect, of: leg.number)
    case .media(let request): return line(request)
    case .web(let number, .fetch(let request)):
      return "fetch \(number.number) \(request.purpose) \(request.method) \(request.url)"
    case .web(let number, .abort): return "abort \(number.number)"
    case .ask(let question): return "ask \(question.target) \(question.noun) \(question.text)"
    case .askVerb(let question):
      return "ask verb \(question.number.number) \(question.name)"
        + (question.leg.map { " of \($0.number)" } ?? "")
    case .tell(let report): return line(report)
    case .ended(let end): return "ended \(end.status.rawValue)"
    }
  }

  private static func line(_ effect: CallerEffect) -> String {
    switch effect {
    case .ring(let code, let leg):
      return "caller \(code)" + (leg.map { " media of \($0.number)" } ?? "")
    case .answer(let leg): return "caller 200" + (leg.map { " with \($0.number)" } ?? "")
    case .reject(let response):
      let phrase = response.phrase.isEmpty ? "" : " \(text(response.phrase))"
      return "caller \(response.code)" + phrase + reasons(response.reasons)
    case .hangUp(let why): return "caller BYE" + reasons(why)
    }
  }

  private static func line(_ effect: LegEffect, of leg: UInt32) -> String {
    switch effect {
    case .start(let request): return "leg \(leg) INVITE \(request.target.user)"
    case .cancel(let why): return "leg \(leg) CANCEL" + reasons(why)
    case .hangUp(let why): return "leg \(leg) BYE" + reasons(why)
    case .bridge: return "bridge \(leg)"
    case .unbridge: return "unbridge \(leg)"
    case .passEarlyMedia: return "hear \(leg)"
    case .allowTransfer: return "leg \(leg) may refer"
    case .confirmTransfer: return "leg \(leg) referred"
    }
  }

  private static func line(_ request: MediaRequest) -> String {
    switch request {
    case .perform(let number, .caller, let what, _):
      return "perform \(number.number) \(verb(what)) on caller"
    case .perform(let number, .leg(let leg), let what, _):
      return "perform \(number.number) \(verb(what)) on \(leg.number)"
    case .stopPerforming(let number): return "stop \(number.number)"
    case .record(let request):
      return "record" + (request.leg.map { " with \($0.number)" } ?? "")
        + (request.isDual ? " dual" : "")
    case .addToRecording(_, let leg): return "record \(leg.number) too"
    case .endRecording(_, let isKept): return isKept ? "end recording" : "drop recording"
    }
  }

  private static func line(_ report: CallReport) -> String {
    switch report {
    case .leg(let leg, let status, let callback):
      return "leg \(leg.number) " + event(status) + number(callback)
    case .recording(let status, let callback):
      return "recording \(status.state.rawValue)" + (callback == nil ? "" : " told")
    case .dialEnded(let result): return "dial \(result.status.rawValue)"
    case .finding(let finding): return "warn \(finding.code.rawValue)"
    case .limitReached(let limit): return "limit \(limit.rawValue)"
    case .verbReached(let verb, let leg):
      return "verb \(verb.name)" + (leg.map { " of \($0.number)" } ?? "")
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
