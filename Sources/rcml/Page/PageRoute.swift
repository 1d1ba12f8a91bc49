import CRCML
import Glibc

/// The page of a running agent: the page itself, the list of its last calls, and one call. It only reads.
///
/// A page of somebody else's may make a browser ask here under a name of its own (DNS rebinding): then the Host header has
/// that name, and nothing is told. Addresses, `localhost` and the name that was given are no such names.
struct PageRoute {
  /// So many calls are kept.
  private static let calls: Int32 = 200
  private static let headers = [
    "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
    "Referrer-Policy: no-referrer", "Cross-Origin-Resource-Policy: same-origin",
  ]

  let agent: OpaquePointer
  /// As it was given.
  let host: String

  func begin() throws(Problem) {
    var error = AgentSession.noError()
    guard rcml_agent_trace(agent, PageRoute.calls, &error) == RCML_OK.rawValue else {
      throw .failed(AgentSession.text(of: error))
    }
  }

  func answer(_ request: HTTPRequest) -> HTTPReply {
    guard isOurs(request.host) else {
      return HTTPReply(
        "421 Misdirected Request", text: "This page is not served under that name.")
    }
    switch request.path {
    case "/":
      return reply(Page(live: "rcml on " + PageRoute.machine).octets, "text/html")
    case "/calls.json": return list(known: request.parameter("edition"))
    case "/call.json": return call(request.parameter("call") ?? "")
    default: return HTTPReply("404 Not Found", text: "The page is at /.")
    }
  }

  private func isOurs(_ name: String) -> Bool {
    name == "localhost" || name == host.lowercased() || PageRoute.isAddress(name)
  }

  private static func isAddress(_ name: String) -> Bool {
    var octets = [UInt8](repeating: 0, count: 16)
    return inet_pton(AF_INET, name, &octets) == 1 || inet_pton(AF_INET6, name, &octets) == 1
  }

  /// 204: nothing has changed since.
  private func list(known: String?) -> HTTPReply {
    var request = TraceRequest()
    request.form = "calls"
    guard let objects = read(request) else { return failure }
    let calls = PageData.array(objects)
    let edition = "\(PageRoute.digest(calls))"
    guard edition != known else { return reply([], "application/json", status: "204 No Content") }
    return reply(Array("{\"edition\":\(edition),\"calls\":\(calls)}".utf8), "application/json")
  }

  private func call(_ number: String) -> HTTPReply {
    guard UInt64(number) != nil else {
      return HTTPReply("400 Bad Request", text: "call=NUMBER is needed.")
    }
    var request = TraceRequest()
    request.form = "json"
    request.call = number
    guard let objects = read(request) else {
      return HTTPReply("404 Not Found", text: "That call is not kept any more.")
    }
    return reply(Array(PageData.array(Array(objects.dropFirst())).utf8), "application/json")
  }

  private func read(_ request: TraceRequest) -> [String]? {
    try? request.read { rcml_agent_ladder(agent, $0, $1, $2, $3) }
  }

  private var failure: HTTPReply {
    HTTPReply("500 Internal Server Error", text: "The calls cannot be read.")
  }

  private func reply(_ body: [UInt8], _ type: String, status: String = "200 OK") -> HTTPReply {
    HTTPReply(status, body, type: type, headers: PageRoute.headers)
  }

  /// FNV-1a, 53 bits of it: a script's numbers have no more.
  private static func digest(_ text: String) -> UInt64 {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for octet in text.utf8 { digest = (digest ^ UInt64(octet)) &* 0x100_0000_01b3 }
    return digest >> 11
  }

  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
