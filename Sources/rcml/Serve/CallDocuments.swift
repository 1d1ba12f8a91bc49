import CRCML

/// Which document a call runs: the one whose URL a trusted peer says, or else the one of who is called, or else the one for
/// all.
struct CallDocuments {
  enum Choice {
    case run(DocumentChoice)
    /// The sentence says why to whoever runs this.
    case refuse(code: Int32, phrase: String?, sentence: String)
  }

  private let trusted: TrustedPeers
  private let source: URLSource?
  private let method: String
  private let folder: DocumentFolder?
  private let common: DocumentChoice?

  init(_ options: Options) throws(Problem) {
    trusted = try TrustedPeers(options)
    source = try URLSource(options)
    folder = try DocumentFolder(options)
    if source != nil, trusted.isEmpty {
      throw .usage("--url-from believes nobody as long as no --trust ADDRESS says whom.")
    }
    method = try DocumentChoice.method(options) ?? "POST"
    let isCommonNeeded = source == nil && folder == nil
    let isCommonThere = options.has("document") || options.has("url")
    common = isCommonNeeded || isCommonThere ? try DocumentChoice(options) : nil
    if options.has("method"), source == nil, !options.has("url") {
      throw .usage("--method belongs to --url and --url-from.")
    }
  }

  func choose(_ event: rcml_event) -> Choice {
    guard trusted.isEmpty || trusted.contains(CallDocuments.text(event.peer)) else {
      return .refuse(code: 403, phrase: nil, sentence: "No --trust names this address.")
    }
    switch source?.find(in: event) ?? .nothing {
    case .url(let url): return .run(DocumentChoice(url: url, method: method))
    case .bad(let sentence):
      return .refuse(code: 400, phrase: "Bad Document URL", sentence: sentence)
    case .nothing: break
    }
    guard let folder else { return otherwise("The call says no URL of a document.") }
    switch folder.find(CallDocuments.text(event.url)) {
    case .document(let text): return .run(DocumentChoice(text: text))
    case .nothing(let sentence): return otherwise(sentence)
    case .unreadable(let sentence): return .refuse(code: 500, phrase: nil, sentence: sentence)
    }
  }

  private func otherwise(_ sentence: String) -> Choice {
    common.map { .run($0) } ?? .refuse(code: 404, phrase: nil, sentence: sentence)
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }
}
