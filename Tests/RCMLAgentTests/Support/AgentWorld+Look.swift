import RCMLBasics
import RCMLDial
import RCMLDocument

@testable import RCMLAgent

/// Looking at what the host was told.
extension AgentWorld {
  /// `initiated 0`, `ringing 0`, `completed 0 busy`: the events of the legs as they came.
  var legEvents: [String] {
    events.compactMap {
      guard case .onCall(_, .legStatus(let leg, let status)) = $0 else { return nil }
      let end = status.event == .completed ? " \(status.status.rawValue)" : ""
      return "\(status.event) \(leg.number)\(end)"
    }
  }

  /// The keys it was told of.
  var digits: [UInt8] {
    events.compactMap { if case .onCall(_, .digit(_, let key)) = $0 { key } else { nil } }
  }

  var results: [DialResult] {
    events.compactMap { if case .onCall(_, .dialEnded(let result)) = $0 { result } else { nil } }
  }

  var ends: [CallEnd] {
    events.compactMap { if case .onCall(_, .ended(let end)) = $0 { end } else { nil } }
  }

  var findings: [Finding] {
    events.compactMap { if case .finding(_, let finding) = $0 { finding } else { nil } }
  }

  var incoming: [CallNumber] {
    events.compactMap { if case .onCall(let call, .incoming) = $0 { call } else { nil } }
  }

  var hostRequests: [(id: QuestionID, url: String, body: String)] {
    events.compactMap {
      guard case .question(let id, _, .request(_, let url, let body, _)) = $0 else { return nil }
      return (id, url, String(decoding: body, as: UTF8.self))
    }
  }

  var questions: [(id: QuestionID, leg: LegNumber?, realm: String, host: String)] {
    events.compactMap {
      guard case .question(let id, _, .credentials(let leg, let realm, let host)) = $0 else {
        return nil
      }
      return (id, leg, realm, host)
    }
  }

  var targets: [(id: QuestionID, question: TargetQuestion)] {
    events.compactMap {
      guard case .question(let id, _, .target(let question)) = $0 else { return nil }
      return (id, question)
    }
  }

  var askedURLs: [(id: QuestionID, call: CallNumber, method: String, url: String)] {
    events.compactMap {
      guard case .question(let id, let call, .url(let method, let url)) = $0 else { return nil }
      return (id, call, method, url)
    }
  }

  var askedSpeech:
    [(
      id: QuestionID, call: CallNumber, text: String, markup: String, voice: String,
      language: String
    )]
  {
    events.compactMap {
      guard
        case .question(let id, let call, .speech(let text, let markup, let voice, let language)) =
          $0
      else {
        return nil
      }
      return (id, call, text, markup, voice, language)
    }
  }

  var askedVerbs: [(id: QuestionID, call: CallNumber, verb: VerbQuestion)] {
    events.compactMap {
      guard case .question(let id, let call, .verb(let verb)) = $0 else { return nil }
      return (id, call, verb)
    }
  }

  var isDrained: Bool { events.contains { if case .drained = $0 { true } else { false } } }

  /// `<Response><Dial …>` of these ports on this machine.
  static func dial(_ ports: Int..., attributes: String = "", then: String = "") -> String {
    let targets = ports.map { "<Sip>sip:phone\($0)@127.0.0.1:\($0)</Sip>" }.joined()
    return "<Response><Dial \(attributes)>\(targets)</Dial>\(then)</Response>"
  }

  /// Nothing of anything is left.
  var isQuiet: Bool { agent.census == Agent.Census() }
}

/// The part of an SDP that matters to the peer: everything but the origin.
func meaning(_ sdp: [UInt8]?) -> String {
  String(decoding: sdp ?? [], as: UTF8.self).split(separator: "\r\n")
    .filter { !$0.hasPrefix("o=") }.joined(separator: "\n")
}
