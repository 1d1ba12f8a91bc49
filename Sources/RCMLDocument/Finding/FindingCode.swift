/// The stable name of a finding, as scripts and people know it (`bare-ampersand`).
package enum FindingCode: String, Hashable, Sendable, CaseIterable {
  case bareAmpersand = "bare-ampersand"
  case leadingSpace = "leading-space"
  case missingResponse = "missing-response"
  case unknownVerb = "unknown-verb"
  case unknownAttribute = "unknown-attribute"
  case invalidAttribute = "invalid-attribute"
  case invalidURL = "invalid-url"
  case unsupportedNoun = "unsupported-noun"
  case tooManyTargets = "too-many-targets"
  case duplicateTarget = "duplicate-target"
  case forbiddenHeader = "forbidden-header"
  case headerInjection = "header-injection"
}
