import CRCML

/// By what a document is checked: `--base-url`, `--set`, `--settings`.
struct CheckRules {
  private var baseURL: [CChar]?
  private var contentType: [CChar] = [0]
  private var settings: [[CChar]] = []

  init() {}

  init(_ options: Options) throws(Problem) {
    baseURL = try options.one("base-url").map { Array($0.utf8CString) }
    settings = try SettingLine.all(options).map { Array($0.pair.utf8CString) }
  }

  /// The same for what was fetched there, as that type.
  func from(_ url: String, as contentType: String) -> CheckRules {
    var rules = self
    rules.baseURL = Array(url.utf8CString)
    rules.contentType = Array(contentType.utf8CString)
    return rules
  }

  /// Lends them as the header has them.
  func lend<Result>(_ body: (UnsafePointer<rcml_check_options>) -> Result) -> Result {
    let lent = settings.map { text in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
      copy.initialize(from: text, count: text.count)
      return copy
    }
    defer { for copy in lent { copy.deallocate() } }
    let list = lent.map { UnsafePointer<CChar>?($0) }
    return list.withUnsafeBufferPointer { list in
      var options = rcml_check_options()
      options.struct_size = MemoryLayout<rcml_check_options>.size
      options.settings = list.baseAddress
      options.setting_count = list.count
      return contentType.withUnsafeBufferPointer { type in
        options.content_type = type.baseAddress
        guard let baseURL else { return body(&options) }
        return baseURL.withUnsafeBufferPointer { base in
          options.base_url = base.baseAddress
          return body(&options)
        }
      }
    }
  }
}
