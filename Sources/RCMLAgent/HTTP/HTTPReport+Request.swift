import RCMLBasics

extension HTTPReport {
  enum Ending {
    case answered(HTTPAnswer)
    case failed(HTTPFailure)
    /// Nobody wanted the answer any more.
    case withdrawn
  }

  /// What an exchange of `request` came to at `now`. `limit`: octets of each body that are told.
  init(
    _ request: WebRequest, url: String, sent: [UInt8], _ ending: Ending,
    limit: Int, at now: Instant
  ) {
    self.init(
      method: request.method, url: SecretMask.masked(url),
      sent: HTTPReport.shown(sent, limit), elapsed: now - request.trail.asked)
    switch ending {
    case .answered(let answer):
      status = answer.status
      contentType = answer.contentType
      size = answer.body.count
      // Octets of a picture or a sound tell nobody anything.
      if !answer.body.contains(0) { received = HTTPReport.shown(answer.body, limit) }
    case .failed(let problem):
      failure = problem.sentence
    case .withdrawn:
      failure = "nobody waited for the answer any more"
    }
  }

  /// Masked as a whole before it is cut: what is cut in two is a secret all the same.
  private static func shown(_ body: [UInt8], _ limit: Int) -> [UInt8] {
    guard limit > 0, !body.isEmpty else { return [] }
    var mask = SecretMask()
    return Array(mask.document(body).prefix(limit))
  }
}
