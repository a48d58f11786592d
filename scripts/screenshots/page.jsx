// One scene, drawn: Slack's frame is ours (frame.css), the blocks are drawn by slack-blocks-to-jsx.
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import "./frame.css";

const { bar, parts, people, channels, groups } = window.SCENE;
const names = { users: people, channels, user_groups: groups };

const Theirs = ({ block }) => <Message blocks={[block]} name="" logo="" withoutWrapper theme="light" data={names} />;

const isPlain = (text) => text?.type === "plain_text";

// Slack shows plain_text and raw_text as they are; slack-blocks-to-jsx reads mrkdwn in them, mentions included.
const plainly = {
  header: ({ text }) => <div className="header">{text.text}</div>,
  context: ({ elements }) =>
    elements.every(isPlain) && <div className="context">{elements.map(({ text }, place) => <span key={place}>{text}</span>)}</div>,
  section: ({ text, accessory }) =>
    isPlain(text) && (
      <div className="line">
        <span>{text.text}</span>
        {accessory && <Theirs block={{ type: "actions", elements: [accessory] }} />}
      </div>
    ),
  table: ({ rows }) =>
    rows.flat().every(({ type }) => type === "raw_text") && (
      <table className="table">
        <tbody>
          {rows.map((cells, row) => <tr key={row}>{cells.map(({ text }, cell) => <td key={cell}>{text}</td>)}</tr>)}
        </tbody>
      </table>
    ),
};

const Chosen = ({ initial_option, placeholder }) => (
  <div className="select">
    <span className={initial_option ? "" : "empty"}>{initial_option?.text.text ?? placeholder?.text ?? "Choose an option"}</span>⌄
  </div>
);

const Written = ({ initial_value, placeholder, multiline }) => (
  <div className={multiline ? "text many" : "text"}>
    {initial_value ?? <span className="empty">{placeholder?.text ?? (multiline ? "Write something" : "")}</span>}
  </div>
);

// It shows no chosen option, no single line and no "(optional)".
const fields = { static_select: Chosen, conversations_select: Chosen, plain_text_input: Written };

plainly.input = ({ label, hint, optional, element, ...rest }) => {
  const asked = `${label.text}${optional ? " (optional)" : ""}`;
  const Field = fields[element.type];
  if (!Field) return <Theirs block={{ ...rest, label: { ...label, text: asked }, hint, element }} />;
  return (
    <div className="field">
      <label>{asked}</label>
      <Field {...element} />
      {hint && <div className="context">{hint.text}</div>}
    </div>
  );
};

const Block = ({ block }) => <div className="block">{plainly[block.type]?.(block) || <Theirs block={block} />}</div>;

const Blocks = ({ blocks }) => blocks.map((block, place) => <Block key={place} block={block} />);

const Post = ({ who, app, colour, time, children }) => (
  <div className="post">
    <div className={app ? "avatar app" : "avatar"} style={{ background: colour }}>{app ? "§" : who[0].toUpperCase()}</div>
    <div className="body">
      <span className="who">{who}</span>
      {app && <span className="badge">APP</span>}
      <span className="time">{time}</span>
      {children}
    </div>
  </div>
);

const File = ({ name, kind, about }) => (
  <div className="file">
    <div className={`icon ${kind.toLowerCase()}`}>{kind}</div>
    <div><b>{name}</b><small>{about}</small></div>
  </div>
);

const draw = {
  person: ({ who, colour, time, text, file }) => (
    <Post who={who} colour={colour} time={time}>
      {text && <div className="said">{text}</div>}
      {file && <File {...file} />}
    </Post>
  ),
  replies: ({ count }) => <div className="replies">{count === 1 ? "1 reply" : `${count} replies`}</div>,
  bot: ({ blocks, onlyYou, time, file }) => (
    <>
      {onlyYou && <div className="only">👁 Only visible to you</div>}
      <Post who="Smallprint" app time={time}>
        <Blocks blocks={blocks} />
        {file && <File {...file} />}
      </Post>
    </>
  ),
  modal: ({ view }) => (
    <div className="over">
      <div className="modal">
        <div className="title"><span className="avatar app">§</span>{view.title.text}<span className="close">✕</span></div>
        <div className="inside"><Blocks blocks={view.blocks} /></div>
        <div className="foot">
          {view.close && <span className="button">{view.close.text}</span>}
          {view.submit && <span className="button primary">{view.submit.text}</span>}
        </div>
      </div>
    </div>
  ),
  home: ({ view }) => (
    <>
      <div className="tabs"><b>Home</b><span>Messages</span><span>About</span></div>
      <div className="home"><Blocks blocks={view.blocks} /></div>
    </>
  ),
};

const Part = ({ part }) => draw[part.kind](part);

const page = (
  <>
    {bar && <div className="bar">{bar[0]}<span>{bar[1]}</span></div>}
    {parts.map((part, place) => <Part key={place} part={part} />)}
  </>
);

// Now, not at the next frame: the height is measured when this script has ended.
flushSync(() => createRoot(document.getElementById("page")).render(page));
