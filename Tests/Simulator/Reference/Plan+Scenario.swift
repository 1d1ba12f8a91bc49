/// The same plan as a world of real octets.
extension Plan {
  var scenario: Scenario {
    var scenario = Scenario()
    scenario.faults.delay = 1...1
    scenario.faults.calmAfter = 0
    scenario.screens = true
    scenario.shortestTimeout = 0
    scenario.everyDialHasAction = false
    var caller = CallerScript(startsAt: 0)
    caller.cancelsAfter = cancelsAfter
    caller.hangsUpAfter = hangsUpAfter
    scenario.callers = [caller]
    scenario.callees = callees.map {
      Scenario.Callee(script: $0.script, usesStream: false, isNamed: false)
    }
    scenario.serving = .defaultText(Plan.text(document))
    for (path, page) in pages {
      let kind = page.verbs.map { WebReply.Kind.document(Plan.text($0)) } ?? .status(404)
      let isCallback = path.utf8.starts(with: "/status/".utf8)
      scenario.pages[path] = WebReply(kind, delay: isCallback ? 1 : page.delay)
    }
    return scenario
  }

  static func text(_ verbs: [Verb]) -> String {
    var text = "<Response>"
    for verb in verbs {
      switch verb {
      case .pause(let seconds): text += #"<Pause length="\#(seconds)"/>"#
      case .dial(let dial): text += dial.text
      case .hangup: text += "<Hangup/>"
      case .reject(let busy): text += busy ? #"<Reject reason="busy"/>"# : "<Reject/>"
      case .redirect(let path): text += "<Redirect>http://web.example\(path)</Redirect>"
      }
    }
    return text + "</Response>"
  }
}

extension Plan.Dial {
  var text: String {
    var text = #"<Dial timeout="\#(timeout)""#
    if let timeLimit { text += #" timeLimit="\#(timeLimit)""# }
    if isSequential { text += #" sequential="true""# }
    if firstAnswerWins { text += #" x-winner="answer""# }
    if let action { text += #" action="http://web.example\#(action)""# }
    text += ">"
    for (place, target) in targets.enumerated() {
      text += "<Sip"
      if let events = target.events {
        text += #" statusCallback="http://web.example\#(target.callback)""#
        text += #" statusCallbackEvent="\#(events.joined(separator: " "))""#
      }
      if let url = target.screening {
        text += #" url="http://web.example\#(url)" timeout="\#(target.limit)""#
      }
      let uri = target.callee.map { "sip:callee\($0)@\(World.calleeHost($0)):5060" }
      text += ">\(uri ?? "sip:bad host\(place)")</Sip>"
    }
    return text + "</Dial>"
  }
}

extension Plan.Callee {
  var script: CalleeScript {
    var steps: [CalleeScript.Step] = []
    if let provisional { steps.append(.init(after: provisional.at, code: provisional.code)) }
    if let final {
      let body = final.code == 200 ? (final.isUsable ? CalleeScript.Body.good : .bad) : .none
      steps.append(
        .init(after: final.at - (provisional?.at ?? 0), code: final.code, body: body))
    }
    var script = CalleeScript(name: "planned", steps: steps)
    script.hangsUpAfter = hangsUpAfter
    return script
  }
}
