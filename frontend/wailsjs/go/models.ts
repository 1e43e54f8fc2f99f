export namespace inkpool {
	
	export class Labelling {
	    packs?: string[];
	
	    static createFrom(source: any = {}) {
	        return new Labelling(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.packs = source["packs"];
	    }
	}
	export class Region {
	    left: number;
	    top: number;
	    right: number;
	    bottom: number;
	
	    static createFrom(source: any = {}) {
	        return new Region(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.left = source["left"];
	        this.top = source["top"];
	        this.right = source["right"];
	        this.bottom = source["bottom"];
	    }
	}
	export class Reading {
	    pack?: string;
	    layout?: string;
	    source?: string;
	    ignore?: Region[];
	    upright?: boolean;
	    detect_side?: number;
	    box_score?: number;
	    text_score?: number;
	
	    static createFrom(source: any = {}) {
	        return new Reading(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.pack = source["pack"];
	        this.layout = source["layout"];
	        this.source = source["source"];
	        this.ignore = this.convertValues(source["ignore"], Region);
	        this.upright = source["upright"];
	        this.detect_side = source["detect_side"];
	        this.box_score = source["box_score"];
	        this.text_score = source["text_score"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Translating {
	    from?: string;
	    to: string;
	    pack?: string;
	
	    static createFrom(source: any = {}) {
	        return new Translating(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.to = source["to"];
	        this.pack = source["pack"];
	    }
	}
	export class Steps {
	    no_reading?: boolean;
	    translate?: Translating;
	    label?: Labelling;
	
	    static createFrom(source: any = {}) {
	        return new Steps(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.no_reading = source["no_reading"];
	        this.translate = this.convertValues(source["translate"], Translating);
	        this.label = this.convertValues(source["label"], Labelling);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace view {
	
	export class Error {
	    code: string;
	    message: string;
	    hint?: string;
	
	    static createFrom(source: any = {}) {
	        return new Error(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	    }
	}
	export class About {
	    version: string;
	    model: string;
	    workers: number;
	    home: string;
	    ready: boolean;
	    problem?: Error;
	    recovered: number;
	    quarantined: number;
	
	    static createFrom(source: any = {}) {
	        return new About(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.model = source["model"];
	        this.workers = source["workers"];
	        this.home = source["home"];
	        this.ready = source["ready"];
	        this.problem = this.convertValues(source["problem"], Error);
	        this.recovered = source["recovered"];
	        this.quarantined = source["quarantined"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Device {
	    name: string;
	    slots: number;
	    busy: number;
	    sessions: number;
	
	    static createFrom(source: any = {}) {
	        return new Device(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.slots = source["slots"];
	        this.busy = source["busy"];
	        this.sessions = source["sessions"];
	    }
	}
	export class Engine {
	    process: number;
	    resident_bytes: number;
	    peak_bytes: number;
	    budget_bytes: number;
	    reserved_bytes: number;
	    restarts: number;
	    devices: Device[];
	    notices: Error[];
	    on_battery: boolean;
	    held: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Engine(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.process = source["process"];
	        this.resident_bytes = source["resident_bytes"];
	        this.peak_bytes = source["peak_bytes"];
	        this.budget_bytes = source["budget_bytes"];
	        this.reserved_bytes = source["reserved_bytes"];
	        this.restarts = source["restarts"];
	        this.devices = this.convertValues(source["devices"], Device);
	        this.notices = this.convertValues(source["notices"], Error);
	        this.on_battery = source["on_battery"];
	        this.held = source["held"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Job {
	    id: number;
	    title: string;
	    state: string;
	    paused: boolean;
	    tasks: number;
	    queued: number;
	    running: number;
	    done: number;
	    failed: number;
	    cancelled: number;
	    created_at_ms: number;
	    reading?: inkpool.Reading;
	    steps?: inkpool.Steps;
	
	    static createFrom(source: any = {}) {
	        return new Job(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.title = source["title"];
	        this.state = source["state"];
	        this.paused = source["paused"];
	        this.tasks = source["tasks"];
	        this.queued = source["queued"];
	        this.running = source["running"];
	        this.done = source["done"];
	        this.failed = source["failed"];
	        this.cancelled = source["cancelled"];
	        this.created_at_ms = source["created_at_ms"];
	        this.reading = this.convertValues(source["reading"], inkpool.Reading);
	        this.steps = this.convertValues(source["steps"], inkpool.Steps);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Label {
	    model: string;
	    label: string;
	    score: number;
	    text?: string;
	    start?: number;
	    end?: number;
	
	    static createFrom(source: any = {}) {
	        return new Label(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.model = source["model"];
	        this.label = source["label"];
	        this.score = source["score"];
	        this.text = source["text"];
	        this.start = source["start"];
	        this.end = source["end"];
	    }
	}
	export class Language {
	    code: string;
	    score: number;
	
	    static createFrom(source: any = {}) {
	        return new Language(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.score = source["score"];
	    }
	}
	export class Line {
	    text: string;
	    score: number;
	    quad: number[][];
	    block: number;
	    vertical: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Line(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.score = source["score"];
	        this.quad = source["quad"];
	        this.block = source["block"];
	        this.vertical = source["vertical"];
	    }
	}
	export class LogEntry {
	    at_ms: number;
	    attempt: number;
	    what: string;
	    detail?: string;
	    took_ms?: number;
	
	    static createFrom(source: any = {}) {
	        return new LogEntry(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.at_ms = source["at_ms"];
	        this.attempt = source["attempt"];
	        this.what = source["what"];
	        this.detail = source["detail"];
	        this.took_ms = source["took_ms"];
	    }
	}
	export class Pack {
	    id: string;
	    version: string;
	    name: string;
	    task: string;
	    state: string;
	    current: boolean;
	    languages: string[];
	    from: string[];
	    to: string[];
	    licence: string;
	    source: string;
	    bytes: number;
	    error?: Error;
	    noncommercial: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Pack(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.name = source["name"];
	        this.task = source["task"];
	        this.state = source["state"];
	        this.current = source["current"];
	        this.languages = source["languages"];
	        this.from = source["from"];
	        this.to = source["to"];
	        this.licence = source["licence"];
	        this.source = source["source"];
	        this.bytes = source["bytes"];
	        this.error = this.convertValues(source["error"], Error);
	        this.noncommercial = source["noncommercial"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Timing {
	    total: number;
	    wait: number;
	    infer: number;
	
	    static createFrom(source: any = {}) {
	        return new Timing(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.total = source["total"];
	        this.wait = source["wait"];
	        this.infer = source["infer"];
	    }
	}
	export class Segment {
	    source: string;
	    target: string;
	    doubtful?: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Segment(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.source = source["source"];
	        this.target = source["target"];
	        this.doubtful = source["doubtful"];
	    }
	}
	export class Translation {
	    from: string;
	    to: string;
	    model?: string;
	    text: string;
	    segments?: Segment[];
	    error?: Error;
	
	    static createFrom(source: any = {}) {
	        return new Translation(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.to = source["to"];
	        this.model = source["model"];
	        this.text = source["text"];
	        this.segments = this.convertValues(source["segments"], Segment);
	        this.error = this.convertValues(source["error"], Error);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Page {
	    v: number;
	    path: string;
	    page: number;
	    kind?: string;
	    status: string;
	    width?: number;
	    height?: number;
	    rotation?: number;
	    text: string;
	    lines: Line[];
	    language?: Language;
	    labels?: Label[];
	    label_error?: Error;
	    translation?: Translation;
	    error?: Error;
	    attempt: number;
	    ms?: Timing;
	
	    static createFrom(source: any = {}) {
	        return new Page(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.v = source["v"];
	        this.path = source["path"];
	        this.page = source["page"];
	        this.kind = source["kind"];
	        this.status = source["status"];
	        this.width = source["width"];
	        this.height = source["height"];
	        this.rotation = source["rotation"];
	        this.text = source["text"];
	        this.lines = this.convertValues(source["lines"], Line);
	        this.language = this.convertValues(source["language"], Language);
	        this.labels = this.convertValues(source["labels"], Label);
	        this.label_error = this.convertValues(source["label_error"], Error);
	        this.translation = this.convertValues(source["translation"], Translation);
	        this.error = this.convertValues(source["error"], Error);
	        this.attempt = source["attempt"];
	        this.ms = this.convertValues(source["ms"], Timing);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Progress {
	    done: number;
	    total: number;
	
	    static createFrom(source: any = {}) {
	        return new Progress(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.done = source["done"];
	        this.total = source["total"];
	    }
	}
	
	export class Snapshot {
	    seq: number;
	    jobs: Job[];
	
	    static createFrom(source: any = {}) {
	        return new Snapshot(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.seq = source["seq"];
	        this.jobs = this.convertValues(source["jobs"], Job);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Task {
	    id: number;
	    job: number;
	    index: number;
	    name: string;
	    path: string;
	    page: number;
	    kind?: string;
	    state: string;
	    held?: boolean;
	    attempt: number;
	    error?: Error;
	    progress?: Progress;
	
	    static createFrom(source: any = {}) {
	        return new Task(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.job = source["job"];
	        this.index = source["index"];
	        this.name = source["name"];
	        this.path = source["path"];
	        this.page = source["page"];
	        this.kind = source["kind"];
	        this.state = source["state"];
	        this.held = source["held"];
	        this.attempt = source["attempt"];
	        this.error = this.convertValues(source["error"], Error);
	        this.progress = this.convertValues(source["progress"], Progress);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	

}

