// What people talk about in the pictures, and when.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Who says what, how many minutes before the picture is taken. */
export type Line = { by: string; text: string; ago: number };
export type Talk = {
  title: string;
  /** For a group; else the title is the other person. */
  group?: { type: string; description: string };
  /** What comes behind the last own line is unread. */
  lines: Line[];
};
export type Story = {
  me: { name: string; signature: string; age: number };
  people: Record<string, { name: string; signature?: string; age?: number; gender?: string }>;
  talks: Talk[];
  /** Who is looked for. */
  find: string;
  /** What is searched for. */
  search: string;
};

const yesterday = DAY / MINUTE;

export const english: Story = {
  me: { name: "Mika Sand", signature: "Somewhere between two tides", age: 31 },
  people: {
    ana: { name: "Ana Lima", signature: "Salt in everything", age: 29, gender: "female" },
    ben: { name: "Ben Okafor", signature: "Will row for coffee" },
    lin: { name: "林小海" },
    tom: { name: "Tom Fisher" },
  },
  talks: [
    {
      title: "Surf club",
      group: { type: "Sports", description: "Dawn patrol at Long Beach. Bring a towel and a joke." },
      lines: [
        { by: "tom", text: "Swell is building, 1.5 m by tomorrow", ago: yesterday + 47 },
        { by: "ana", text: "Count me in", ago: yesterday + 44 },
        { by: "lin", text: "明天早上我也来！", ago: yesterday + 40 },
        { by: "me", text: "Pier at six, then?", ago: 131 },
        { by: "ana", text: "Six is brutal.", ago: 126 },
        { by: "ana", text: "But low water is at 6:20, so… fine.", ago: 125 },
        { by: "ben", text: "I bring coffee ☕", ago: 122 },
        { by: "lin", text: "浪点图：https://tides.example/long-beach", ago: 64 },
        { by: "me", text: "Perfect. The sandbank moved, so we paddle out left of the pier this time and walk back along the beach.", ago: 58 },
        { by: "me", text: "谢谢小海！", ago: 57 },
        { by: "ben", text: "Who takes the long board?", ago: 9 },
        { by: "lin", text: "我来拿 🏄", ago: 6 },
      ],
    },
    {
      title: "Ana Lima",
      lines: [
        { by: "ana", text: "Did you find the wetsuit?", ago: 213 },
        { by: "ana", text: "Or is it still at the pier?", ago: 212 },
        { by: "me", text: "In the car, of course 😄", ago: 204 },
      ],
    },
    {
      title: "林小海",
      lines: [
        { by: "me", text: "How is Xiamen?", ago: 340 },
        { by: "lin", text: "涨潮的时候最好看，下次一起来", ago: 301 },
      ],
    },
    {
      title: "Harbour house",
      group: { type: "Home", description: "Rent, bins and the leaking tap" },
      lines: [{ by: "me", text: "Plumber comes on Thursday", ago: yesterday + 200 }],
    },
    {
      title: "Ben Okafor",
      lines: [{ by: "me", text: "See you on the water", ago: 2 * yesterday + 90 }],
    },
  ],
  find: "an",
  search: "pier",
};

export const chinese: Story = {
  me: { name: "沙弥佳", signature: "在两次潮汐之间", age: 31 },
  people: {
    ana: { name: "安娜", signature: "什么都带点海盐味", age: 29, gender: "female" },
    ben: { name: "Ben Okafor", signature: "Will row for coffee" },
    lin: { name: "林小海" },
    tom: { name: "陈渔" },
  },
  talks: [
    {
      title: "冲浪俱乐部",
      group: { type: "运动", description: "每周六清晨，长滩见。带上毛巾和好心情。" },
      lines: [
        { by: "tom", text: "明天有浪，一米五左右", ago: yesterday + 47 },
        { by: "ana", text: "算我一个", ago: yesterday + 44 },
        { by: "lin", text: "我也去！", ago: yesterday + 40 },
        { by: "me", text: "那六点在码头见？", ago: 131 },
        { by: "ana", text: "六点也太早了吧。", ago: 126 },
        { by: "ana", text: "不过 6:20 是低潮……好吧。", ago: 125 },
        { by: "ben", text: "I bring coffee ☕", ago: 122 },
        { by: "lin", text: "浪点图：https://tides.example/long-beach", ago: 64 },
        { by: "me", text: "太好了。沙洲移了位置，这次我们从码头左边下水，回来的时候沿着沙滩走就行。", ago: 58 },
        { by: "me", text: "谢谢小海！", ago: 57 },
        { by: "ben", text: "Who takes the long board?", ago: 9 },
        { by: "lin", text: "我来拿 🏄", ago: 6 },
      ],
    },
    {
      title: "安娜",
      lines: [
        { by: "ana", text: "潜水服找到了吗？", ago: 213 },
        { by: "ana", text: "还是落在码头了？", ago: 212 },
        { by: "me", text: "在车里，果然 😄", ago: 204 },
      ],
    },
    {
      title: "Ben Okafor",
      lines: [
        { by: "me", text: "Coffee was great!", ago: 340 },
        { by: "ben", text: "再来一杯", ago: 301 },
      ],
    },
    {
      title: "海边小屋",
      group: { type: "家", description: "房租、垃圾和漏水的龙头" },
      lines: [{ by: "me", text: "师傅周四来修水管", ago: yesterday + 200 }],
    },
    {
      title: "林小海",
      lines: [{ by: "me", text: "海上见", ago: 2 * yesterday + 90 }],
    },
  ],
  find: "安",
  search: "码头",
};

/** When each text was said, in milliseconds since 1970. */
export function times(story: Story, now: number): Map<string, number> {
  const lines = story.talks.flatMap((talk) => talk.lines);
  return new Map(lines.map(({ text, ago }) => [text, now - ago * MINUTE]));
}

/** Moves what a frame of the service tells to the times of the story. */
export function retime(value: unknown, times: Map<string, number>, start: number): unknown {
  if (Array.isArray(value)) return value.map((one) => retime(one, times, start));
  if (typeof value !== "object" || value === null) return value;
  const row: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) row[key] = retime(part, times, start);
  const said = (row["body"] ?? row["preview"]) as { text?: string } | undefined;
  const at = times.get(said?.text ?? "");
  if (at !== undefined && "at" in row) row["at"] = at;
  if (at !== undefined && "last_at" in row) row["last_at"] = at;
  if ("joined_at" in row) row["joined_at"] = start;
  return row;
}
