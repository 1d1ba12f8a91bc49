import RCMLBasics
import RCMLDocument

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
    let url = SecretMask.masked(url)
    let elapsed = now - request.trail.asked
    let sent = HTTPReport.shown(sent, limit)
    switch ending {
    case .answered(let answer):
      // Octets of a picture or a sound tell nobody anything.
      let text = DocumentReader.text(answer.body, contentType: answer.contentType) ?? answer.body
      let isText = !text.contains(0)
      self.init(
        method: request.method, url: url, sent: sent, status: answer.status,
        contentType: answer.contentType,
        received: isText ? HTTPReport.shown(text, limit) : [], size: answer.body.count,
        elapsed: elapsed)
    case .failed(let problem):
      self.init(
        method: request.method, url: url, sent: sent, failure: problem.sentence, elapsed: elapsed)
    case .withdrawn:
      self.init(
        method: request.method, url: url, sent: sent,
        failure: "nobody waited for the answer any more", elapsed: elapsed)
    }
  }

  /// Masked as a whole before it is cut: what is cut in two is a secret all the same.
  private static func shown(_ body: [UInt8], _ limit: Int) -> [UInt8] {
    guard limit > 0, !body.isEmpty else { return [] }
    var mask = SecretMask()
    return Array(mask.document(body).prefix(limit))
  }
}
