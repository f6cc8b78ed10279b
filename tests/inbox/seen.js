/** Conversations and events as they come by the wire, for the tests. */
export const NOW = Date.parse("2026-11-21T15:00:00Z");
export const ADA = { kind: "person", id: "ada", name: "Ada", picture_url: null };
export const VERA = { kind: "visitor", id: null, name: "Vera", picture_url: null };
export const SPOKE = { kind: "assistant", id: null, name: "Spoke", picture_url: null };

export const talk = (id, more = {}) => ({
  id, number: 1, status: "open", speaker: "assistant", epoch: 0, last_seq: 1, preview: "", unread: 0, priority: "medium", priority_reasons: [], mood: 0, escalated_at: null, waiting_since: null,
  rating: null, visitor_read_seq: 0, team_read_seq: 0, locale: "en", created_at: "2026-11-21T10:00:00Z", last_event_at: "2026-11-21T10:00:00Z", contact: null, person: null, tags: [], ...more,
});

export const at = (minute) => `2026-11-21T10:${String(minute).padStart(2, "0")}:00Z`;
export const said = (seq, author, more = {}) => ({ id: `m${seq}`, seq, kind: "message", author, created_at: at(seq % 60), text: `number ${seq}`, inside: {}, ...more });
