/** The shapes that go over the visitor's socket, and those the widget's parts hand each other. */

export interface Citation {
  n: number;
  title: string;
  heading: string | null;
  page: number | null;
  url: string | null;
  quote: string;
  passage_id: string;
}

export interface Action {
  kind: "ask" | "person" | "ticket" | "link";
  text: string;
  url?: string;
}

export interface Attachment {
  id: string;
  name: string;
  size: number;
  media_type: string;
  url?: string;
}

export interface Author {
  kind: "visitor" | "assistant" | "person" | "system";
  name: string;
  picture_url: string | null;
}

export interface Sentence {
  text: string;
  lead: string;
  citations: number[];
}

export interface ChatEvent {
  id: string;
  seq: number;
  kind: string;
  author: Author;
  created_at: string;
  text: string;
  client_id?: string | null;
  answer_id?: string | null;
  outcome?: string;
  citations?: Citation[];
  sentences?: Sentence[];
  actions?: Action[];
  attachments?: Attachment[];
  feedback?: "up" | "down" | null;
  degraded?: string | null;
  ticket?: { number: number | string } | null;
  needs_email?: boolean;
  expect?: string;
  /** What the visitor wrote who asked for a person. */
  reason?: string;
  score?: number;
}

export interface Conversation {
  id: string;
  number: number;
  status: "open" | "closed";
  speaker: "assistant" | "person";
  epoch: number;
  last_seq: number;
  person: { name: string; picture_url: string | null } | null;
  waiting_for_person: boolean;
  rating: number | null;
  visitor_read_seq: number;
  team_read_seq: number;
  created_at: string;
}

export interface Availability {
  open: boolean;
  people_online: boolean;
  reopens_at: string | null;
  /** One of a few wordings in English, or nothing. */
  reply_time: string;
  /** False where the assistant is silent too while the team is away. */
  assistant?: boolean;
  /** What the team has to say while it is away. */
  message?: string;
}

export interface PastItem {
  id: string;
  number: number;
  preview: string;
  last_message_at: string;
  status: string;
  unread: number;
  speaker: string;
}

/** Something the visitor sent that the server may not know of yet; the very frame, and how it fares. */
export interface Outgoing {
  type: "message" | "escalate";
  client_id: string;
  text?: string;
  attachments?: string[];
  files?: Attachment[];
  fields?: Record<string, string>;
  conversation_id?: string | null;
  reason?: string;
  email?: string;
  name?: string;
  at: number;
  status: "sending" | "sent" | "failed";
  problem?: string;
}

export interface Draft {
  answer_id: string;
  attempt: number;
  epoch: number;
  sentences: Sentence[];
  citations: Citation[];
  stalled: boolean;
}

export interface State {
  ready: boolean;
  blocked: boolean;
  visitor: { id: string; name: string | null; email: string | null; identified: boolean } | null;
  availability: Availability | null;
  conversation: Conversation | null;
  /** A new conversation was wished for, and has no first message yet. */
  fresh: boolean;
  events: ChatEvent[];
  more: boolean;
  outgoing: Outgoing[];
  draft: Draft | null;
  typing: { who: string; name?: string; phase?: string } | null;
  unread: number;
  total: number;
  past: PastItem[] | null;
}

/** One thing in the thread, in the order in which it is shown. */
export interface Item {
  key: string;
  type: "message" | "note" | "day" | "draft" | "typing";
  mine: boolean;
  first: boolean;
  event?: ChatEvent;
  outgoing?: Outgoing;
  draft?: Draft;
  at?: string;
}

/** A frame of either direction; its `type` says what else is in it. */
export interface Frame {
  type: string;
  [name: string]: any;
}

export interface Field {
  name: string;
  label: string;
  type: string;
  required: boolean;
}

export interface Look {
  color?: string;
  theme?: "light" | "dark" | "auto";
  side?: "left" | "right";
  offset?: { x: number; y: number };
  launcher?: { text?: string | null };
  logo_url?: string | null;
  name?: string;
  greeting?: string;
  suggestions?: string[];
  ai_notice?: string | boolean | null;
  locale?: string;
  prechat?: { enabled: boolean; fields: Field[]; consent?: string | null };
  hidden_on?: string[];
  sounds?: boolean;
  show_branding?: boolean;
  strings?: Record<string, Record<string, string>>;
}

export interface Config {
  organization: { name: string };
  widget: Look;
  availability: Availability;
}

export type Words = Record<string, string>;
export type Link = "idle" | "connecting" | "open" | "waiting" | "ended";

export interface Wire {
  readonly link: Link;
  open(): void;
  wake(): void;
  lose(): void;
  close(): void;
  send(frame: Frame): boolean;
}

/** What the loader hands to the panel. */
export interface Start {
  key: string;
  base: string;
  data: DOMStringMap;
  config: Config;
  host: HTMLElement;
  root: ShadowRoot;
  launcher: HTMLButtonElement | null;
  place(): void;
}

/** What every part of the panel may use. The lower half is there once the talking has begun. */
export interface Room {
  config: Config;
  base: string;
  key: string;
  data: DOMStringMap;
  /** What stands above: the assistant's own name, or the organization's. */
  name: string;
  /** The assistant's own name, if it has one. */
  assistant?: string;
  isPage: boolean;
  panel: import("./panel.js").Panel;
  style(css: string): void;
  emit(name: string, detail?: unknown): void;
  open(isQuiet?: boolean): void;
  close(): void;
  isOpen(): boolean;
  badge(count: number): void;
  talk(): Promise<Room>;

  desk: import("./desk.js").Desk;
  sheet(title: string, node: HTMLElement): void;
  leaveSheet(): void;
  toast(text: string): void;
  refill(): void;
  submit(text: string): void;
  take(files: File[]): void;
  emoji(button: HTMLElement): void;
  menu(button: HTMLElement): void;
  person(reason?: string): void;
  past(): void;
  look(): void;
  setOpen(isOpen: boolean): void;
}

declare global {
  interface Window {
    Frontdesk?: any;
  }
}
