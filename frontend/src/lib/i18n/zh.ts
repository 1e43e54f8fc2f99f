import type { Messages } from './en'

const format = new Intl.NumberFormat('zh-CN')
const n = (value: number) => format.format(value)

/** The words of the window in Chinese. */
export const zh: Messages = {
  name: '墨池',
  language: '语言',
  about: '关于墨池',
  close: '关闭',

  retry: '重试',
  states: {
    queued: '等待中',
    running: '识别中',
    done: '已完成',
    failed: '失败',
    cancelled: '已停止',
    quarantined: '已搁置',
  },
  errors: {
    invalid: {
      what: '文件已损坏或不完整，无法读取。',
      hint: '请用其他程序打开并另存，再添加新文件。',
    },
    unsupported_format: {
      what: '这不是墨池认识的图片或文本。',
      hint: '请使用 PNG、JPEG、WebP、TIFF、BMP、GIF 图片或纯文本。',
    },
    too_large: {
      what: '超出了墨池可处理的大小。',
      hint: '请缩小图片或拆分文件后重新添加。',
    },
    encrypted: {
      what: '该文件受密码保护。',
      hint: '请另存一份无密码的副本再添加。',
    },
    not_found: {
      what: '原来的位置已找不到它。',
      hint: '请放回原处，或从新位置重新添加。',
    },
    permission: {
      what: '墨池没有权限使用该文件或文件夹。',
      hint: '请检查权限，或换一个位置。',
    },
    conflict: {
      what: '它的状态刚刚发生了变化。',
      hint: '请查看最新状态，如仍需要再重试。',
    },
    model_missing: {
      what: '尚未安装文字识别模型。',
      hint: '请重新安装墨池，模型随程序一起提供。',
    },
    model_corrupt: {
      what: '文字识别模型已损坏。',
      hint: '请重新安装墨池以替换模型。',
    },
    timeout: {
      what: '耗时过长，已停止处理。',
      hint: '请单独重试，或改用较小的图片。',
    },
    out_of_memory: {
      what: '内存不足，无法处理。',
      hint: '请关闭其他程序或改用较小的图片，然后重新添加。',
    },
    engine_crashed: {
      what: '识别引擎在处理该文件时崩溃。',
      hint: '其他文件不受影响。请将图片另存后添加新文件。',
    },
    disk_full: {
      what: '磁盘已满。',
      hint: '请腾出一些空间后重试。',
    },
    unavailable: {
      what: '墨池正忙，暂时无法响应。',
      hint: '请稍候再试。',
    },
    cancelled: {
      what: '未完成即被停止。',
      hint: '如需识别，请重新添加该文件。',
    },
    internal: {
      what: '墨池内部出现错误。',
      hint: '请重试；如再次出现，请反馈给我们。',
    },
  },

  add: {
    files: '添加文件…',
    folder: '添加文件夹…',
    filesTitle: '选择要识别的图片和文本',
    folderTitle: '选择要识别的文件夹',
    filterName: '图片和文本',
  },
  drop: {
    title: '松开即可识别',
    note: '支持文件和整个文件夹',
  },
  welcome: {
    title: '把图片变成文字',
    what: '墨池识别图片和扫描件中的文字，一张或成千上万张都可以。',
    drop: '将图片或文件夹拖到这里',
    or: '或者手动选择',
    formats: 'PNG、JPEG、WebP、TIFF、BMP、GIF 和纯文本',
    privacy: '所有内容都不会离开这台电脑。',
  },
  history: {
    title: '历史记录',
    show: '显示历史记录',
    earlier: '更早的…',
    items: (items) => `${n(items)} 项`,
    failed: (failed) => `${n(failed)} 项失败`,
  },
  tasks: {
    title: '文件',
    none: '选择一个任务以查看其中的文件。',
    empty: '添加的内容中没有可识别的文件。',
    noMatch: '没有处于此状态的文件。',
    filter: '显示',
    all: '全部',
    done: '已完成',
    failed: '失败',
    progress: (ended, total) => `${n(ended)} / ${n(total)}`,
    progressLabel: '此任务的进度',
    cancel: '停止',
    export: '导出',
    exportTitle: '导出到…',
    txt: '纯文本 (.txt)',
    csv: '表格 (.csv)',
    jsonl: 'JSON 行 (.jsonl)',
    copyAll: '复制全部文字',
    copying: (done, total) => `正在复制 ${n(done)} / ${n(total)}`,
    page: (page) => `第 ${n(page)} 页`,
  },
  result: {
    title: '结果',
    none: '选择一个文件以查看文字。',
    loading: '正在打开…',
    queued: '正在排队等待。',
    running: '正在识别。',
    noText: '此页没有找到文字。',
    emptyText: '这份文本是空的。',
    picture: '标出文字行的图片',
    pictureGone: '无法显示图片：文件已被移动、修改或删除。',
    lines: '文字行',
    lineCount: (lines) => `${n(lines)} 行`,
    lowCount: (lines) => `${n(lines)} 行待核对`,
    low: (score) => `请核对此行：置信度 ${score}`,
    copyLine: '复制此行',
    copyPage: '复制文字',
    previous: '上一个文件',
    next: '下一个文件',
    zoomIn: '放大',
    zoomOut: '缩小',
    fit: '适合',
    actualSize: '100%',
    shortened: (shown) => `仅显示前 ${n(shown)} 个字符，复制或导出可得到全文。`,
  },
  notice: {
    copied: '已复制',
    exported: (path) => `已保存为 ${path}`,
    stopped: '已停止，完成的部分会保留。',
    dismiss: '关闭提示',
    progress: (title, ended, total) => `${title}：${n(ended)} / ${n(total)}`,
    finished: (title, done, failed) =>
      failed > 0
        ? `${title}：完成 ${n(done)} 项，失败 ${n(failed)} 项`
        : `${title}：完成 ${n(done)} 项`,
  },
  aboutBox: {
    version: '版本',
    model: '模型',
    workers: '并行数',
    home: '数据文件夹',
    keys: '快捷键',
    keyAdd: '添加文件',
    keyFolder: '添加文件夹',
    keyNext: '上一个或下一个文件',
    keyLines: '上一行或下一行',
    keyCopy: '复制选中的行',
    keyZoom: '缩放图片',
  },
}
