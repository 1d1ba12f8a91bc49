/// On which terms the web is asked for one thing: how long, how often, and what every exchange for it has in common.
struct WebTerms {
  var policy: ConnectionPolicy
  /// As they were when it was asked for.
  let settings: WebSettings
}
