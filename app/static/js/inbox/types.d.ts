/** What comes by the API and by the agents' socket, and what the inbox keeps of it. */

export interface Person {
  id: string;
  name: string;
  picture_url: string | null;
  availability: string;
  /** Not so for who is suspended. */
  active?: boolean;
  role: string;
  capacity?: number;
}

export interface Case {
  id: string;
  number: number;
  status: "open" | "closed";
  speaker: "assistant" | "person";
  epoch: number;
  last_seq: number;
  preview: string;
  unread: number;
  priority: "low" | "medium" | "high" | "urgent";
  priority_reasons: string[];
  priority_is_set: boolean;
  mood: number;
  escalated_at: string | null;
  waiting_since: string | null;
  waiting_for_person: boolean;
  rating: number | null;
  visitor_read_seq: number;
  team_read_seq: number;
  locale: string;
  created_at: string;
  last_event_at: string;
  contact: { id: string; name: string; email: string | null } | null;
  person: { id: string; name: string; picture_url: string | null } | null;
  snoozed_until?: string | null;
  tags?: string[];
  first_reply_at?: string | null;
  due_at?: string | null;
  due_kind?: "first_reply" | "next_reply" | null;
  breached_at?: string | null;
  merged_into_id?: string | null;
  mood_overruled_at?: string | null;
}

export interface Reading {
  label: string;
  score: number;
  anger: number;
  signals: string[];
}

/** One sheet, as the server keeps it. */
export interface Draft {
  text: string;
  is_note: boolean;
}

export interface Whole extends Case {
  page_url: string;
  page_title: string;
  rating_comment: string;
  closed_at: string | null;
  visitor: { id: string; identified: boolean; blocked: boolean; locale: string; page_url: string; page_title: string; last_seen_at: string } | null;
  moods: { seq: number; at: string; reading: Reading }[];
  ticket: { id: string; number: number; subject: string; status: string; priority: string } | null;
  drafts?: Draft[];
  earlier?: number;
  others?: { id: string; number: number; status: string; preview: string; last_event_at: string }[];
  phone?: string;
  attributes?: Record<string, string | number | boolean | null>;
  blocked?: boolean;
  merged_from?: { id: string; number: number }[];
}

export interface Citation {
  n: number;
  title: string;
  heading: string | null;
  page: number | null;
  url: string | null;
  quote: string;
  passage_id: string;
  document_id?: string;
}

export interface Sentence {
  text: string;
  lead: string;
  citations: number[];
}

export interface Attached {
  id: string;
  name: string;
  size?: number;
  size_bytes?: number;
  media_type: string;
  url?: string;
}

export interface Withheld {
  text: string;
  reason: string;
}

export interface Inside {
  asked?: string;
  model?: string;
  failures?: string[];
  withheld?: Withheld[];
  passages?: { passage_id: string; document_id: string; title: string; heading: string | null; page: number | null; score: number }[];
  reasons?: string[];
  mentions?: { id: string; name: string }[];
  changed?: Record<string, unknown>;
  [more: string]: unknown;
}

export interface ChatEvent {
  id: string;
  seq: number;
  kind: string;
  author: { kind: "visitor" | "assistant" | "person" | "system"; id: string | null; name: string; picture_url: string | null };
  created_at: string;
  text: string;
  client_id?: string | null;
  answer_id?: string | null;
  outcome?: string;
  confidence?: number | null;
  citations?: Citation[];
  sentences?: Sentence[];
  attachments?: Attached[];
  feedback?: string | null;
  degraded?: string | null;
  reading?: Reading | null;
  ticket?: { number: number; status?: string } | null;
  score?: number;
  comment?: string;
  reason?: string;
  merged_number?: number;
  merged_into?: number;
  inside: Inside;
}

export interface Live {
  answer_id: string;
  attempt: number;
  epoch: number;
  sentences: (Sentence | undefined)[];
  citations: Citation[];
  withheld: Withheld[];
}

export interface Viewer {
  user_id: string;
  typing: boolean;
  note: boolean;
}

/** A conversation that is or was open on this screen. */
export interface Talk {
  id: string;
  whole: Whole | null;
  events: ChatEvent[];
  more: boolean;
  /** One reads somewhere further back: more was said after what is here. */
  later: boolean;
  viewers: Viewer[];
  live: Live | null;
  /** The newest answer that is over: a sentence of it that comes late starts nothing. */
  overId: string;
  visitorTyping: boolean;
  phase: string;
  /** What was read before it was opened: the line of what is new stands behind it. */
  unreadFrom: number;
  status: "loading" | "ready" | "failed" | "gone";
  problem: string;
}

export interface Outgoing {
  client_id: string;
  conversation_id: string;
  kind: "reply" | "note";
  text: string;
  attachments: Attached[];
  mentions: string[];
  close: boolean;
  at: number;
  until: number;
  status: "held" | "sending" | "failed";
  problem: string;
  /** It failed because nobody answered, not because it was refused. */
  isCutOff?: boolean;
}

export interface Filters {
  status?: "open" | "snoozed" | "closed";
  assignee?: string;
  escalated?: boolean;
  waiting?: boolean;
  priority?: string;
  contact_id?: string;
  tag?: string;
  mentioned?: boolean;
}

export type Sort = "newest" | "oldest" | "waiting" | "priority" | "deadline";

export interface View {
  key: string;
  name: string;
  filters: Filters;
  sort: Sort;
  id?: string;
  shared?: boolean;
  mine?: boolean;
}

export interface Pile {
  /** Which question it answers: an answer to an older one is thrown away. */
  key: string;
  ids: string[];
  cursor: string | null;
  status: "loading" | "ready" | "failed";
  problem: string;
}

export interface Found {
  conversation: Case;
  match: string;
  seq: number | null;
  snippet: { text: string; is_marked: boolean }[];
}

export interface State {
  me: string;
  people: Record<string, Person>;
  assistant: string;
  organization: string;
  zone: string;
  /** Nobody has ever written. */
  isFirstDay: boolean;
  link: string;
  view: View;
  views: View[];
  counts: Record<string, any> | null;
  cases: Record<string, Case>;
  pile: Pile;
  found: { q: string; items: Found[]; cursor: string | null; status: "loading" | "ready" | "failed"; problem: string } | null;
  selected: string[];
  /** The row that J and K stand on. */
  here: string | null;
  screens: Record<string, string[]>;
  openId: string | null;
  /** The message that somebody came for, and the words by which it was found. */
  goal: { id: string; seq: number; words: string[] } | null;
  talks: Record<string, Talk>;
  outgoing: Outgoing[];
  /** Where a reply of one's own is begun. */
  begun: Record<string, true>;
  answering: Record<string, true>;
  /** What the assistant is at for whoever answers, in words, by conversation. */
  aiding: Record<string, string>;
}

export type Frame = { type: string; [more: string]: any };
