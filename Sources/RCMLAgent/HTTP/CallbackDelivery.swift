import RCMLBasics
import RCMLDial
import RCMLDocument

/// The status callbacks of all calls on their way to the web (spec K-9 … K-14, R-6).
final class CallbackDelivery {
  private var queues = CallbackQueues()

  var isIdle: Bool { queues.isIdle }
  /// Under way, or behind one that is.
  var count: Int { queues.count + queues.current.count }
  /// Behind one that is under way.
  var waitingCount: Int { queues.count }

  func deliver(
    _ callback: StatusCallback, of source: CallbackQueues.Source, settings: OwnSettings?,
    _ services: AgentServices, at now: Instant
  ) {
    let queued = CallbackQueues.QueuedCallback(callback: callback, settings: settings)
    switch queues.add(queued, of: source) {
    case .begin:
      begin(queued, of: source, services, at: now)
    case .queued:
      break
    case .full:
      let reason = CallbackDelivery.reason(
        .callbackQueueFull, "\(CallbackQueues.limit) others still wait", callback.url)
      report(queued, of: source, attempts: 0, status: 0, reason, services)
      giveUp(source, callback.url, "\(CallbackQueues.limit) others still wait", reason, services)
    }
  }

  private func begin(
    _ queued: CallbackQueues.QueuedCallback, of source: CallbackQueues.Source,
    _ services: AgentServices, at now: Instant
  ) {
    let callback = queued.callback
    let settings = queued.settings?.rules.settings ?? services.settings
    services.web.ask(
      .callback(source.call, source.leg), url: callback.url, method: callback.method,
      parameters: callback.parameters, policy: settings.callbackPolicy,
      settings: queued.settings?.web, origin: callback.origin,
      trace: services.calls[source.call]?.caller.identity.sid,
      about: callback.reason, at: now)
  }

  /// K-12: whatever the reply says, the next one goes; what was given up is told to the host.
  func finished(
    _ source: CallbackQueues.Source, _ outcome: WebOutcome, attempts: Int,
    _ services: AgentServices, at now: Instant
  ) {
    var status: UInt16 = 0
    if case .answered(_, let answer, _) = outcome { status = answer.status }
    let queued = queues.current[source]
    let callback = queued?.callback
    var why: (url: String, words: String, code: ReasonCode)?
    switch outcome {
    case .answered(let url, let answer, _):
      if !(200...299).contains(answer.status) {
        let words = ReplyWords(contentType: answer.contentType, body: answer.body)
        why = (
          url, "the server answered \(answer.status)\(words.remark)",
          ReasonCode(webStatus: answer.status)
        )
      }
    case .failed(let failure):
      why = (callback?.url ?? "", failure.sentence, failure.code)
    }
    let reason = why.map { CallbackDelivery.reason($0.code, $0.words, $0.url) }
    if let queued {
      report(queued, of: source, attempts: attempts, status: status, reason, services)
    }
    if let why, let reason { giveUp(source, why.url, why.words, reason, services) }
    if let next = queues.finished(source) { begin(next, of: source, services, at: now) }
  }

  /// E-8.
  private func report(
    _ queued: CallbackQueues.QueuedCallback, of source: CallbackQueues.Source, attempts: Int,
    status: UInt16,
    _ reason: Reason?, _ services: AgentServices
  ) {
    services.outputs.countCallback(isDelivered: (200...299).contains(status))
    guard (queued.settings?.rules.settings ?? services.settings).callbackEvents else { return }
    let callback = queued.callback
    let names = ["StatusCallbackEvent", "RecordingStatus"]
    let event = callback.parameters.first { names.contains($0.name) }?.value
    services.outputs.tell(
      .onCall(
        source.call,
        .callback(
          source.leg,
          CallbackReport(
            event: event ?? "", method: callback.method,
            url: WebAddress(callback.url)?.text ?? "",
            body: FormEncoding.encode(callback.parameters), attempts: attempts, status: status,
            reason: reason))))
  }

  /// For the host (E-9). `words`: half a sentence.
  private static func reason(_ code: ReasonCode, _ words: String, _ url: String) -> Reason {
    let place = WebAddress(url)?.text ?? ""
    let text = words.prefix(1).uppercased() + words.dropFirst()
    return Reason(code, text + (place.isEmpty ? "." : " (\(place))."))
  }

  /// H-34. Nothing else changes.
  private func giveUp(
    _ source: CallbackQueues.Source, _ url: String, _ why: String, _ reason: Reason,
    _ services: AgentServices
  ) {
    let place = WebAddress(url)?.text ?? ""
    let kind = source.leg.map { "status callback of \($0.name)" } ?? "recording callback"
    let text = "A \(kind) was given up: \(why)."
    services.outputs.tell(
      .finding(
        source.call,
        Finding(
          severity: .warning, code: .callbackFailed,
          text: text + (place.isEmpty ? "" : " It went to \(place).") + " Nothing else changes.",
          reason: reason.code)))
  }
}
